"""The loop that one writes in Python: hashlib, the header's midstate copied.

mining-cpython.py header MILLISECONDS HEX | mining-cpython.py classic MILLISECONDS BEFORE AFTER
"""

import sys
from hashlib import sha256
from struct import pack
from time import perf_counter

TRIES = 10_000


def search_header(header, start):
    copy, tail = sha256(header[:64]).copy, header[64:76]
    for nonce in range(start, start + TRIES):
        first = copy()
        first.update(tail + pack("<I", nonce))
        if sha256(first.digest()).digest()[24:] == b"\0\0\0\0\0\0\0\0":
            return nonce


def search_classic(before, after, start):
    zeros = "0" * 16
    for proof in range(start, start + TRIES):
        if sha256(f"{before}{proof}{after}".encode()).hexdigest()[:16] == zeros:
            return proof


work, milliseconds, *subject = sys.argv[1:]
begun = perf_counter()
start, tried = 100_000, 0
while perf_counter() - begun < float(milliseconds) / 1000:
    if work == "header":
        search_header(bytes.fromhex(subject[0]), start)
    else:
        search_classic(*subject, start)
    tried += TRIES
    start = start + TRIES if start < 900_000 else 100_000
print(tried / (perf_counter() - begun))
