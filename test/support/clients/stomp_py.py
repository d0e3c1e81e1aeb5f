"""stomp.py, driven from outside: what it is to do comes as lines of JSON on standard input,
what it hears goes out as lines of JSON on standard output. Bodies go out in base64."""

import base64
import json
import sys
import threading

import stomp
from stomp.connect import BaseConnection
from stomp.protocol import Protocol12
from stomp.transport import BaseTransport

speaking = threading.Lock()


def tell(command, headers=None, body=b""):
    told = {
        "command": command,
        "headers": headers or {},
        "bytes": base64.b64encode(body or b"").decode(),
    }
    with speaking:
        print(json.dumps(told), flush=True)


class Teller(stomp.ConnectionListener):
    def on_connected(self, frame):
        tell("CONNECTED", frame.headers, frame.body)

    def on_message(self, frame):
        tell("MESSAGE", frame.headers, frame.body)

    def on_receipt(self, frame):
        tell("RECEIPT", frame.headers, frame.body)

    def on_error(self, frame):
        tell("ERROR", frame.headers, frame.body)

    def on_disconnected(self):
        tell("disconnected")


class WebSocketTransport(BaseTransport):
    """stomp.py over websocket-client: each frame is a binary message, and so is what is read."""

    def __init__(self, url):
        super().__init__(auto_decode=False)
        self.url = url
        self.vhost = None
        self.socket = None

    def attempt_connection(self):
        import websocket

        self.socket = websocket.create_connection(self.url, subprotocols=["v12.stomp"])
        self.current_host_and_port = self.socket.sock.getpeername()

    def send(self, encoded_frame):
        self.socket.send_binary(encoded_frame)

    def receive(self):
        message = self.socket.recv()
        return message.encode() if isinstance(message, str) else message

    def disconnect_socket(self):
        self.running = False
        self.socket.close()

    def cleanup(self):
        self.socket.close()


class WebSocketConnection12(BaseConnection, Protocol12):
    def __init__(self, url, heartbeats):
        transport = WebSocketTransport(url)
        BaseConnection.__init__(self, transport)
        Protocol12.__init__(self, transport, heartbeats, True)

    def connect(self, *args, **kwargs):
        self.transport.start()
        Protocol12.connect(self, *args, **kwargs)

    def disconnect(self, receipt=None, headers=None, **more):
        Protocol12.disconnect(self, receipt, headers, **more)
        self.transport.stop()


def connect(passcode, heartBeat, port=None, url=None):
    heartbeats = (heartBeat, heartBeat)
    connection = (
        WebSocketConnection12(url, heartbeats)
        if url
        else stomp.StompConnection12(
            [("127.0.0.1", port)], auto_decode=False, heartbeats=heartbeats
        )
    )
    connection.set_listener("teller", Teller())
    connection.connect("anything", passcode, wait=False)
    return connection


def body_of(text=None, bytes=None):
    return text if bytes is None else base64.b64decode(bytes)


def main():
    orders = (json.loads(line) for line in sys.stdin)
    connection = connect(**next(orders))
    does = {
        "subscribe": lambda destination, id, headers: connection.subscribe(
            destination, id, ack=headers.pop("ack", "auto"), headers=headers
        ),
        "unsubscribe": connection.unsubscribe,
        "send": lambda destination, headers, **body: connection.send(
            destination, body_of(**body), headers=headers
        ),
        "ack": connection.ack,
        "nack": connection.nack,
        "begin": connection.begin,
        "commit": connection.commit,
        "abort": connection.abort,
        "disconnect": lambda: connection.disconnect(receipt="the last one"),
    }
    for order in orders:
        does[order.pop("do")](**order)


main()
