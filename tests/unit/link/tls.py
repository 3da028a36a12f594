"""tls.py SOCKET CERTIFICATE KEY - a server's Unix socket, behind TLS on a port of 127.0.0.1, which is printed.

The server itself has no TLS on a Unix socket and listens to no port. Its answer is passed on in one piece, whose records of 16
kB are then as long as they can be. It ends with its standard input."""

import select
import socket
import ssl
import sys
import threading

SSL_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])
READY_FOR_QUERY = bytes([ord("Z"), 0, 0, 0, 5])
PIECE = 65536


def answer(server):
    """What the server says up to ReadyForQuery, or until it says no more for a while."""
    said = server.recv(PIECE)
    while said and said[-6:-1] != READY_FOR_QUERY and select.select([server], [], [], 0.05)[0]:
        said += server.recv(PIECE)
    return said


def question(client):
    asked = client.recv(PIECE)
    while client.pending():
        asked += client.recv(PIECE)
    return asked


def pump(client):
    if client.recv(8) != SSL_REQUEST:
        return
    client.sendall(b"S")
    with context.wrap_socket(client, server_side=True) as client, socket.socket(socket.AF_UNIX) as server:
        server.connect(sys.argv[1])
        while True:
            ready = select.select([client, server], [], [])[0]
            data = question(client) if client in ready else answer(server)
            if not data:
                return
            (server if client in ready else client).sendall(data)


def serve():
    while True:
        threading.Thread(target=pump, args=(listener.accept()[0],), daemon=True).start()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, daemon=True).start()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
