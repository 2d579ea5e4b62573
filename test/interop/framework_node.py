"""A tutorial node as people write it with a web framework, on a free port, which it prints.

    framework_node.py FOLDER flask|fastapi DIALECT    FOLDER has tutorial_node.py, whose ledger it keeps

Flask's has the tutorial's own routes. FastAPI's refuses what it does not know: a query parameter that is
not declared is ignored there, but its own paths end in a slash, and it redirects to them.
"""
import socket
import sys
import uuid

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from tutorial_node import Ledger

ledger = Ledger(sys.argv[3])
node_id = uuid.uuid4().hex


def mine():
    return {"message": "New Block Forged", **ledger.mine(node_id)}


class Missing(Exception):
    """A body lacks what it needs."""


def send(body):
    if not all(key in body for key in ("sender", "recipient", "amount")):
        raise Missing("Missing values")
    ledger.pending.append({key: body[key] for key in ("sender", "recipient", "amount")})
    return {"message": f"Transaction will be added to Block {len(ledger.chain) + 1}"}


def chain():
    return {"chain": ledger.chain, "length": len(ledger.chain)}


def register(body):
    if body.get("nodes") is None:
        raise Missing("Error: Please supply a valid list of nodes")
    ledger.nodes.update(address.split("//")[-1].rstrip("/") for address in body["nodes"])
    return {"message": "New nodes have been added", "total_nodes": sorted(ledger.nodes)}


def resolve():
    if ledger.resolve():
        return {"message": "Our chain was replaced", "new_chain": ledger.chain}
    return {"message": "Our chain is authoritative", "chain": ledger.chain}


def flask():
    from flask import Flask, jsonify, request
    from werkzeug.serving import make_server

    app = Flask("node")
    app.errorhandler(Missing)(lambda missing: (str(missing), 400))
    app.get("/mine")(lambda: jsonify(mine()))
    app.get("/chain", endpoint="chain")(lambda: jsonify(chain()))
    app.get("/nodes/resolve", endpoint="resolve")(lambda: jsonify(resolve()))
    app.post("/transactions/new", endpoint="send")(lambda: (jsonify(send(request.get_json())), 201))
    app.post("/nodes/register", endpoint="register")(lambda: (jsonify(register(request.get_json())), 201))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


def fastapi():
    import uvicorn
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse

    app = FastAPI()

    @app.exception_handler(Missing)
    def refuse(_request, missing):
        return JSONResponse({"detail": str(missing)}, status_code=422)

    app.get("/mine/")(mine)
    app.get("/chain/")(chain)
    app.get("/nodes/resolve/")(resolve)

    @app.post("/transactions/new/", status_code=201)
    def send_one(body: dict):
        return send(body)

    @app.post("/nodes/register/", status_code=201)
    def register_some(body: dict):
        return register(body)

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning")
    uvicorn.Server(config).run(sockets=[listener])


{"flask": flask, "fastapi": fastapi}[sys.argv[2]]()
