#!/usr/bin/env python3
"""Makes the digest of a recording that RecordedExchangesIT compares with.

usage: digest.py RECORDING.jsonl > src/test/resources/io/assistedswarm/agent/NAME.digest.json

Of each exchange it keeps who sent it, method, path template, status, the names of the request headers and the shape of the
body (keys and types, no values; both as numbers of a list), which requests share a request id, and what it reports (step,
stage with info, state of logs).
"""
import json
import re
import sys

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Sent by the controller, and cluster-level or foreign calls of the installer of host 0 and 3, by line: nothing in these
# requests names their sender.
CONTROLLER = {"sno": range(39, 61), "ha-3-1": [*range(171, 180), *range(189, 208)]}
INSTALLER = {
    "sno": {13: 0},
    "ha-3-1": {i: 0 for i in (46, 126, 127, 150, 151, 152, 155, 163)}
    | {i: 3 for i in (147, 148, 149, 153, 154, 157, 158, 161, 162, 180, 181)},
}


def shape(value):
    if isinstance(value, dict):
        return "{" + ",".join(k + ":" + shape(v) for k, v in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + "|".join(sorted({shape(v) for v in value})) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else "string"


def body_shape(text, content_type):
    if not text:
        return ""
    if not content_type.startswith("application/json"):
        return content_type.split(";")[0]
    body = json.loads(text)
    if isinstance(body, dict) and body.get("output", "")[:1] in ("{", "["):
        body["output"] = json.loads(body["output"])
    return shape(body)


def what(path, text, content_type, host_names):
    if not text or not content_type.startswith("application/json"):
        return ""
    body = json.loads(text)
    if not isinstance(body, dict):
        return ""
    if "current_stage" in body:
        host = host_names[UUID.findall(path)[1]]
        return host + ": " + body["current_stage"] + (" - " + body["progress_info"] if "progress_info" in body else "")
    for key in ("step_type", "logs_state", "finalizing_stage", "name"):
        if key in body:
            return body[key]
    return ""


def numbered(exchanges, key):
    """Replaces the values under the key by numbers, and returns the values in the order of these."""
    values = []
    for e in exchanges:
        if e[key] not in values:
            values.append(e[key])
        e[key] = values.index(e[key])
    return values


def lines_of(values):
    return ",\n".join("  " + json.dumps(v, separators=(",", ":")) for v in values)


def main(file):
    name = file.rsplit("/", 1)[-1].removesuffix(".jsonl")
    lines = list(enumerate(json.loads(line) for line in open(file)))
    registered = [json.loads(e["rb"])["host_id"] for _, e in lines if e["m"] == "POST" and e["p"].endswith("/hosts")]
    host_names = {host: f"host-{i}" for i, host in enumerate(registered)}
    request_ids = {}
    exchanges = []
    polls = {host: [] for host in host_names.values()}
    for i, e in sorted(lines, key=lambda line: line[1]["t"]):
        if e["p"].endswith("/component-versions"):
            continue
        ids = UUID.findall(e["p"]) + UUID.findall(e["rb"] if e["p"].endswith("/hosts") else "")
        host = next((host_names[x] for x in ids if x in host_names), None)
        if i in CONTROLLER[name]:
            sender = "controller"
        elif i in INSTALLER[name]:
            sender = f"host-{INSTALLER[name][i]} installer"
        else:
            sender = host + (" agent" if "Discovery_agent_version" in e["rh"] else " installer")
        path = e["p"].removeprefix("/api/assisted-install")
        path = re.sub(r"/clusters/" + UUID.pattern, "/clusters/{cluster}", path)
        path = re.sub(r"/infra-env(s?)/" + UUID.pattern, r"/infra-env\1/{infra-env}", path)
        path = re.sub(r"/hosts/" + UUID.pattern, "/hosts/{host}", path)
        path = re.sub(r"(timestamp|host_id|infra_env_id)=[0-9a-f-]+", r"\1=*", path)
        content_type = e["rh"].get("Content-Type", "")
        request_id = e["rh"].get("X-Request-Id")
        exchanges.append({
            "sender": sender,
            "method": e["m"],
            "path": path,
            "status": e["s"],
            "headers": sorted(e["rh"]),
            "requestId": None if request_id is None else request_ids.setdefault(request_id, len(request_ids)),
            "what": what(e["p"], e["rb"], content_type, host_names),
            "body": body_shape(e["rb"], content_type),
        })
        if "/instructions?" in path:
            polls[host].append([step["step_type"] for step in json.loads(e["sb"])["instructions"]])
    headers = numbered(exchanges, "headers")
    bodies = numbered(exchanges, "body")
    print("{\n \"steps\": " + json.dumps(polls) + ",")
    print(" \"headers\": [\n" + lines_of(headers) + "],\n \"bodies\": [\n" + lines_of(bodies) + "],")
    print(" \"exchanges\": [\n" + lines_of(exchanges) + "]\n}")


main(sys.argv[1])
