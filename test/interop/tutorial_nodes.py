"""Many tutorial nodes in one process of Python, which takes longer to start than a test to run.

    tutorial_nodes.py FOLDER    FOLDER has tutorial_node.py and student_node.py, whose nodes these are

Reads a question a line, in JSON, and answers each with a line; ends when there are no more.
{"start": DIALECT, "load": TEXT or null}: a node, begun with a chain; the answer is its port.
{"start": DIALECT, "habit": NAME, "bug": NAME}: a student's node with an odd habit, or a mistake.
{"stop": PORT}: ends it. {"hash": TEXT}: the hash of each block of a chain.
"""
import json
import sys
import threading
import uuid
from http.server import ThreadingHTTPServer

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import student_node
from tutorial_node import Ledger, handler


class QuickLedger(Ledger):
    """Hashes a block once while it is the last that was asked for: a search asks with every try."""

    kept = (None, "")

    def digest(self, block):
        if self.kept[0] is not block:
            self.kept = (block, Ledger.digest(block))
        return self.kept[1]


class QuickStudent(student_node.Node):
    """The same for a student's node."""

    kept = (None, "")

    def hash(self, block):
        if self.kept[0] is not block:
            self.kept = (block, super().hash(block))
        return self.kept[1]


def blocks_in(text):
    loaded = json.loads(text)
    return loaded["chain"] if isinstance(loaded, dict) else loaded


servers = {}


def start(dialect, load=None, habit=None, bug=None):
    if habit is not None or bug is not None:
        return serve(student_node.handler(QuickStudent(dialect, bug or ""), habit or ""))
    ledger = QuickLedger(dialect)
    if load is not None:
        ledger.chain = blocks_in(load)
        assert ledger.valid(ledger.chain), "the loaded chain is not valid in this dialect"
    return serve(handler(ledger, uuid.uuid4().hex))


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """What breaks the tutorial's node is what some tests are about."""


def serve(how):
    server = Server(("127.0.0.1", 0), how)
    port = server.server_address[1]
    servers[port] = server
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return port


def stop(port):
    # A server looks twice a second whether it has to end, and nobody is to wait for that.
    threading.Thread(target=end, args=(servers.pop(port),), daemon=True).start()


def end(server):
    server.shutdown()
    server.server_close()


def answer(question):
    if "start" in question:
        return start(question["start"], question.get("load"), question.get("habit"), question.get("bug"))
    if "stop" in question:
        return stop(question["stop"])
    return [Ledger.digest(block) for block in blocks_in(question["hash"])]


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
