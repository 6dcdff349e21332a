# A plugin as authors write one in Python today: the standard library, a thread a connection, checks by hand.
import json
import os
import socketserver
import struct
from datetime import datetime, timezone

JSON_HEADERS = {"Content-Type": "application/json"}
STATES = {"running", "stopped", "failed"}
store = {}


def is_report(report):
    return (
        isinstance(report, dict)
        and isinstance(report.get("host"), str)
        and isinstance(report.get("uptime"), (int, float))
        and all(isinstance(value, (int, float)) for value in report.get("load", [None]))
        and all(isinstance(disk.get("mount"), str) and isinstance(disk.get("used"), int) for disk in report.get("disks", []))
        and all(isinstance(each.get("name"), str) and each.get("state") in STATES for each in report.get("services", []))
    )


def respond(request):
    method, path = request["method"], request["path"]
    if method == "GET" and path == "/":
        return 200, JSON_HEADERS, json.dumps({"status": "ok", "message": "Hello from plugin!"})
    if method == "POST" and path == "/reports":
        try:
            report = json.loads(request["body"])
        except (TypeError, ValueError):
            return 400, JSON_HEADERS, json.dumps({"error": "not JSON"})
        if not is_report(report):
            return 400, JSON_HEADERS, json.dumps({"error": "not a report"})
        return 201, JSON_HEADERS, json.dumps({"host": report["host"], "services": len(report["services"])})
    if method == "POST" and path == "/large":
        return 200, {"Content-Type": "text/plain"}, request["body"]
    return 404, JSON_HEADERS, json.dumps({"error": "not found"})


def kv(payload):
    if payload["action"] == "Get":
        return store.get(payload["key"])
    if payload["action"] == "Set":
        store[payload["key"]] = payload["value"]
    else:
        store.pop(payload["key"], None)
    return None


def answer_to(message):
    payload = message["payload"]
    answer = {"type": message["type"], "request_id": payload["request_id"]}
    if message["type"] == "kv":
        answer["value"] = kv(payload)
    else:
        status, headers, body = respond(payload["payload"])
        text = json.dumps({"status": status, "headers": headers, "body": body})
        answer["payload"] = {"method": "RESPONSE", "path": "", "headers": {}, "body": text}
    return {
        "type": message["type"],
        "timestamp": datetime.now(timezone.utc).isoformat(),
        "request_id": message["request_id"],
        "payload": answer,
    }


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while len(header := self.rfile.read(4)) == 4:
                message = json.loads(self.rfile.read(struct.unpack(">I", header)[0]))
                text = json.dumps(answer_to(message)).encode()
                self.wfile.write(struct.pack(">I", len(text)) + text)
        except ConnectionError:
            pass


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


Server(os.environ["TORU_PLUGIN_SOCKET"], Handler).serve_forever()
