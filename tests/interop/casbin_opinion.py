"""Answers the questions of a policy version with pycasbin, which shares no code with casbin-rs.

Reads a JSON list on standard input: {"model": <text>, "rijen": [[…, "allow"|"deny"], …], "verzoeken": [[…], …]}.
Writes a JSON list of lists of booleans, in the same order, on standard output.
"""

import json
import logging
import sys

import casbin

logging.disable(logging.CRITICAL)


def answers(question):
    model = casbin.Model()
    model.load_model_from_text(question["model"])
    enforcer = casbin.Enforcer(model)
    if not enforcer.add_policies(question["rijen"]):
        raise SystemExit("pycasbin did not take the rows")
    return [enforcer.enforce(*request) for request in question["verzoeken"]]


if __name__ == "__main__":
    json.dump([answers(question) for question in json.load(sys.stdin)], sys.stdout)
