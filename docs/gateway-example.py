"""A gateway: how a telephone or chat system of any kind works with Usher, to be read in one go and to begin from. Its
telephone system is a pretence: a line on standard input is what a customer does, and what the system is told to do is
printed. Put your own in the place of carry_out and hear_customers. Needs Python 3.11 and the package websockets.

    usher key add NAME                                     prints KEY
    python gateway-example.py ws://127.0.0.1:8080/ws KEY state.json
    call a +33612345678 +33180000000                       a customer calls (its name, from, to); later `hangup a`
"""
import asyncio, json, os, sys, time
from datetime import datetime, timezone

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

# What the snapshot says that a contact should be doing is an order, which may have been missed.
MISSED = {"ringing": "contact.connect", "connecting": "contact.connect", "ending": "contact.end", "placing": "call.place",
          "announcing": "contact.play", "voicemail": "contact.voicemail", "transferring": "contact.transfer"}
AFTER = {"contact.hold": "held", "contact.unhold": "connected", "party.remove": "waiting"}


def carry_out(calls, method, order):
    """The telephone system does it; what there is to tell then. A real one tells it later, when the agent has lifted."""
    print("told to", method, order.get("ref"), order.get("endpoint", ""), flush=True)
    call = calls.get(order.get("ref"), {})
    if call and method == "contact.connect":
        call.update(state="connected", agent=order["agent"], endpoint=order["endpoint"])
        return "contact.connected", {"ref": order["ref"], "order": order["order"]}
    if call and method == "contact.end":
        del calls[order["ref"]]
        return "contact.ended", {"ref": order["ref"], "by": "gateway"}
    if call and method in AFTER:
        call["state"] = AFTER[method]
        return "order.done", {"order": order["order"]}
    return "order.failed", {"order": order["order"], "why": "failed"}


class Gateway:
    """Between that and Usher. What must outlive a crash is in the file before anybody hears of it."""

    def __init__(self, file):
        self.file, self.state = file, {"event": 0, "untold": [], "orders": {}, "calls": {}}
        if os.path.exists(file):
            self.state = json.load(open(file))
        self.more, self.answers = asyncio.Event(), None

    def save(self):
        with open(self.file + ".new", "w") as kept:
            json.dump(self.state, kept)
        os.replace(kept.name, self.file)

    def tell(self, method, **params):
        """Under a number of its own, kept until Usher has answered: from then on it is in Usher's journal."""
        self.state["event"] += 1
        self.state["untold"].append([method, {"event": self.state["event"], "occurred_at": now(), **params}])
        self.save()
        self.more.set()

    def obey(self, method, order):
        """Each order at most once, however often it comes, and none after its time."""
        if method == "inventory.send":
            self.take_inventory()
            return {"accepted": True}
        orders, name = self.state["orders"], order["order"]
        if name not in orders:
            is_late = "not_after" in order and self.server_time() > seconds(order["not_after"])
            orders[name] = {"too_late": True} if is_late else {"accepted": True}
            if len(orders) > 1000:
                del orders[next(iter(orders))]
            if not is_late:
                event, params = carry_out(self.state["calls"], method, order)
                self.tell(event, **params)
        return orders[name]

    def take_inventory(self):
        """All that is live, told after every earlier event: from it Usher mends what it missed."""
        calls = self.state["calls"].items()
        contacts = [{"ref": ref, "channel": "voice", "from": call["from"], "to": call["to"]} for ref, call in calls]
        legs = [{"ref": ref, "agent": call["agent"], "endpoint": call["endpoint"]} for ref, call in calls if call["state"] != "waiting"]
        self.tell("inventory", as_of=now(), page=1, last=True, contacts=contacts, agent_legs=legs)

    async def ask(self, socket, method, params):
        await socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        return await self.answers.get()  # One question at a time: no answer is another's.

    async def listen(self, socket):
        while True:
            message = json.loads(await socket.recv())
            if "method" not in message:
                self.answers.put_nowait(message)
            elif "id" in message:
                result = self.obey(message["method"], message["params"])
                await socket.send(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}))

    async def speak(self, socket):
        opened = (await self.ask(socket, "session.open", {"role": "gateway", "client": "gateway-example"}))["result"]
        begin, speed, last = time.monotonic(), opened["clock_speed"], opened["snapshot"]["last_event"] or 0
        self.server_time = lambda: seconds(opened["server_time"]) + (time.monotonic() - begin) * speed
        self.state["event"] = max(self.state["event"], last)
        self.state["untold"] = [[m, p] for m, p in self.state["untold"] if p["event"] > last and m != "inventory"]
        for contact in opened["snapshot"]["contacts"]:
            should = contact["should_be"]
            for order in should.get("phones", [should]):
                if should["state"] in MISSED and "order" in order:
                    self.obey(MISSED[should["state"]], {**order, "ref": contact["ref"]})
        self.take_inventory()
        while await self.more.wait():
            method, params = self.state["untold"][0]
            error = (await self.ask(socket, method, params)).get("error", {}).get("data", {})
            print("told", method, params.get("ref", ""), error.get("kind", "ok"), flush=True)
            if "retry_after_ms" in error:
                await asyncio.sleep(error["retry_after_ms"] / 1000)
            else:  # Any other error would be the same again.
                self.state["untold"].pop(0)
                self.save()
            self.more.set() if self.state["untold"] else self.more.clear()

    async def count(self):
        while not await asyncio.sleep(30):
            self.take_inventory()

    async def hear_customers(self):
        while line := await asyncio.to_thread(sys.stdin.readline):
            what, ref, *numbers = line.split()
            if what == "call":
                self.state["calls"][ref] = {"state": "waiting", "from": numbers[0], "to": numbers[1]}
                self.tell("contact.arrived", ref=ref, channel="voice", **{"from": numbers[0], "to": numbers[1]})
            elif call := self.state["calls"].pop(ref, None):
                abandoned = call["state"] == "waiting"
                self.tell("contact.abandoned", ref=ref) if abandoned else self.tell("contact.ended", ref=ref, by="customer")


now = lambda: datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
seconds = lambda text: datetime.fromisoformat(text).timestamp()


async def main(url, key, file):
    gateway = Gateway(file)
    customers = asyncio.create_task(gateway.hear_customers())
    # Comes back by itself, after longer and longer pauses.
    async for socket in connect(url, subprotocols=["usher.v1"], additional_headers={"Authorization": f"Bearer {key}"}):
        gateway.answers = asyncio.Queue()
        try:
            async with asyncio.TaskGroup() as tasks:
                [tasks.create_task(do) for do in (gateway.listen(socket), gateway.speak(socket), gateway.count())]
        except* ConnectionClosed:
            print("away", flush=True)


asyncio.run(main(*sys.argv[1:]))
