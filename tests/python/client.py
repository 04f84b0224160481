"""An agent and a gateway in one small program: a call arrives, is offered, accepted, connected and
ended, and the agent wraps up. Every message both ways is validated against the committed schemas.

Usage: client.py WS_URL SCHEMAS_FOLDER GATEWAY_KEY AGENT_TOKEN AGENT
"""
import json
import pathlib
import sys
import uuid
from datetime import datetime, timezone

from jsonschema import Draft202012Validator
from websockets.sync.client import connect

URL, SCHEMAS, GATEWAY_KEY, AGENT_TOKEN, AGENT = sys.argv[1:6]
PATIENCE_S = 10


def validator(role, method, part):
    for folder in (role, "session"):
        path = pathlib.Path(SCHEMAS, folder, f"{method}.json")
        if path.exists():
            schema = json.loads(path.read_text())
            whole = schema["properties"].get(part)
            return Draft202012Validator({"$defs": schema.get("$defs", {}), **whole}) if whole else None
    raise AssertionError(f"no schema for {role} {method}")


class Peer:
    """One socket. Answers orders, keeps what it heard, validates all of it."""

    def __init__(self, role, secret):
        self.role, self.asked, self.heard, self.checked = role, {}, [], 0
        self.socket = connect(
            URL, subprotocols=["usher.v1"], additional_headers={"Authorization": f"Bearer {secret}"}
        )
        self.opened = self.ask("session.open", {"role": role, "client": "python"})

    def check(self, method, part, value):
        found = validator(self.role, method, part)
        if found is not None:
            found.validate(value)
            self.checked += 1

    def send(self, message):
        self.socket.send(json.dumps({"jsonrpc": "2.0", **message}))

    def ask(self, method, params, wants_error=None):
        if wants_error is None:
            self.check(method, "params", params)
        request = str(uuid.uuid4())
        self.asked[request] = method
        self.send({"id": request, "method": method, "params": params})
        while True:
            message = self.read()
            if message.get("id") == request and "method" not in message:
                break
        if wants_error is not None:
            kind = message["error"]["data"]["kind"]
            assert kind == wants_error, f"{method}: expected {wants_error}, got {message}"
            return message["error"]["data"]
        assert "result" in message, f"{method}: {message}"
        self.check(method, "result", message["result"])
        return message["result"]

    def read(self):
        message = json.loads(self.socket.recv(timeout=PATIENCE_S))
        if "method" in message:
            self.check(message["method"], "params", message.get("params", {}))
            self.heard.append(message)
            if "id" in message:
                answer = {"accepted": True}
                self.check(message["method"], "result", answer)
                self.send({"id": message["id"], "result": answer})
        return message

    def wait_for(self, method):
        while True:
            for message in self.heard:
                if message["method"] == method:
                    self.heard.remove(message)
                    return message["params"]
            self.read()


class Gateway(Peer):
    event = 0

    def tell(self, method, wants_error=None, **params):
        Gateway.event += 1
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return self.ask(method, {"event": Gateway.event, "occurred_at": now, **params}, wants_error)


gateway = Gateway("gateway", GATEWAY_KEY)
agent = Peer("agent", AGENT_TOKEN)
assert agent.opened["snapshot"]["agent"]["agent"] == AGENT
agent.ask("presence.set", {"presence": "available"})

call = {"ref": "call-1", "channel": "voice", "from": "+33612345678", "to": "+33180000000", "attributes": {}}
queued = gateway.tell("contact.arrived", **call)
again = gateway.tell("contact.arrived", **call)
assert again["contact"] == queued["contact"], "a doubled arrival is the same contact"

offered = agent.wait_for("contact.offered")
assert offered["contact"]["id"] == queued["contact"]
agent.ask("offer.received", {"offer": offered["offer"]})
accepted = agent.ask("offer.accept", {"offer": offered["offer"]})
assert accepted["contact"] == queued["contact"]
order = gateway.wait_for("contact.connect")
gateway.tell("contact.connected", ref="call-1", order=order["order"])
agent.wait_for("contact.connected")
agent.ask("contact.hold", {"contact": queued["contact"]})
assert gateway.wait_for("contact.hold")["ref"] == "call-1"
agent.ask("contact.unhold", {"contact": queued["contact"]})
gateway.wait_for("contact.unhold")
gateway.tell("contact.ended", ref="call-1", by="customer")
assert agent.wait_for("contact.ended")["by"] == "customer"

# Bad input: a typed error each, and the session stays.
agent.ask("offer.accept", {"offer": "nonsense"}, wants_error="unknown_offer")
agent.ask("presence.set", {"presence": "asleep"}, wants_error="invalid_field")
agent.ask("no.such", {}, wants_error="unknown_method")
agent.ask("contact.arrived", {}, wants_error="wrong_role")
gateway.tell("contact.connected", ref="call-1", order=order["order"], wants_error="contact_ended")
gateway.tell("contact.updated", ref="never", attributes={"a": 1}, wants_error="unknown_ref")
gateway.tell("contact.arrived", ref="x", channel="voice", **{"from": "12"}, wants_error="invalid_field")
gateway.tell("contact.ended", ref="early", by="customer")
gateway.tell("contact.arrived", ref="early", channel="voice", wants_error="contact_ended")

agent.ask("presence.set", {"presence": "offline", "when": "after_contact"})
print(f"OK: {gateway.checked + agent.checked} messages validated")
