#!/usr/bin/env python3
"""Makes the digests that ServiceAnswersIT compares the rehearsal's service with.

usage: answers.py RECORDED_DIR OUT_DIR

For each kind of call: status, header names, and the paths of all keys of the answer with their types; `always` are those of every
such answer. For each host: the steps of its polls. For the end state: conditions and the names of what stands in the objects.
"""
import json
import re
import sys

import yaml

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def flat(value, path, out):
    if isinstance(value, dict):
        for key, inner in value.items():
            flat(inner, f"{path}.{key}" if path else key, out)
        if not value:
            out.setdefault(path, set()).add("object")
    elif isinstance(value, list):
        out.setdefault(path, set()).add("array")
        for inner in value:
            flat(inner, path + "[]", out)
    elif path.endswith("validations_info"):
        for group, checks in json.loads(value).items():
            out.setdefault(f"{path}>{group}", set()).add(",".join(c["id"] for c in checks))
    else:
        kind = "null" if value is None else "boolean" if isinstance(value, bool) else \
            "number" if isinstance(value, (int, float)) else "string"
        out.setdefault(path, set()).add(kind)


def label(e):
    path, _, query = e["p"].partition("?")
    path = path.replace("/api/assisted-install", "")
    path = re.sub(r"(/infra-envs?/)" + UUID.pattern, r"\1{ie}", path)
    path = re.sub(r"(/hosts/)" + UUID.pattern, r"\1{h}", path)
    path = re.sub(r"(/clusters/)" + UUID.pattern, r"\1{c}", path)
    keep = [p for p in query.split("&") if p.split("=")[0] in ("exclude-hosts", "role", "file_name", "logs_type")]
    text = e["m"] + " " + path + ("?" + "&".join(keep) if keep else "")
    if e["m"] == "GET" and path.endswith("/instructions"):
        steps = [i["step_type"] for i in json.loads(e["sb"])["instructions"]]
        text += " " + ",".join(steps)
    elif path.endswith("/{c}"):
        text += " " + json.loads(e["sb"])["status"]
    return text


def answers(name, source):
    calls, polls = {}, {}
    for line in open(f"{source}/{name}.jsonl"):
        e = json.loads(line)
        keys = {}
        kind = e["sh"].get("Content-Type", "")
        if kind == "application/json" and e["sb"].strip():
            flat(json.loads(e["sb"]), "", keys)
        seen = calls.setdefault(label(e), {"status": e["s"], "contentType": kind, "headers": set(), "always": None, "types": {}})
        assert seen["status"] == e["s"] and seen["contentType"] == kind
        seen["headers"] |= {h.lower() for h in e["sh"]}
        seen["always"] = set(keys) if seen["always"] is None else seen["always"] & set(keys)
        for key, kinds in keys.items():
            seen["types"].setdefault(key, set()).update(kinds)
        if e["m"] == "GET" and "/instructions?" in e["p"]:
            host = UUID.findall(e["p"])[1]
            polls.setdefault(host, []).append([i["step_type"] for i in json.loads(e["sb"])["instructions"]])
    for seen in calls.values():
        seen["headers"] = sorted(seen["headers"])
        seen["always"] = sorted(seen["always"])
        seen["types"] = {key: sorted(kinds) for key, kinds in sorted(seen["types"].items())}
    return {"calls": dict(sorted(calls.items())), "polls": list(polls.values())}


def end(name, source):
    objects = {}
    for o in yaml.safe_load(open(f"{source}/{name}-end.yaml"))["items"]:
        if o["kind"] == "Secret" or o["kind"] in objects:
            continue
        status = o.get("status", {})
        objects[o["kind"]] = {
            "conditions": [[c["type"], c["status"], c["reason"], c.get("message", "")] for c in status.get("conditions", [])],
            "status": sorted(status),
            "spec": sorted(o["spec"]),
            "labels": sorted(o["metadata"].get("labels", {})),
            "annotations": sorted(o["metadata"].get("annotations", {})),
            "finalizers": o["metadata"].get("finalizers", []),
            "owners": [r["kind"] for r in o["metadata"].get("ownerReferences", [])],
        }
    return objects


source, target = sys.argv[1:]
for recording, state in (("sno", "sno"), ("ha-3-1", "ha")):
    digest = answers(recording, source) | {"end": end(state, source)}
    with open(f"{target}/{recording}.answers.json", "w") as out:
        json.dump(digest, out, separators=(",", ":"))
        out.write("\n")
