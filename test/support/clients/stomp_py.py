"""stomp.py, driven from outside: what it is to do comes as lines of JSON on standard input,
what it hears goes out as lines of JSON on standard output. Bodies go out in base64."""

import base64
import json
import sys
import threading

import stomp

speaking = threading.Lock()


def tell(command, headers=None, body=b""):
    told = {
        "command": command,
        "headers": headers or {},
        "octets": base64.b64encode(body or b"").decode(),
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


def connect(port, passcode, heartBeat):
    connection = stomp.StompConnection12(
        [("127.0.0.1", port)], auto_decode=False, heartbeats=(heartBeat, heartBeat)
    )
    connection.set_listener("teller", Teller())
    connection.connect("anything", passcode, wait=False)
    return connection


def body_of(text=None, octets=None):
    return text if octets is None else base64.b64decode(octets)


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
