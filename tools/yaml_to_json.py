#!/usr/bin/env python3
"""Writes a YAML file as compact JSON. usage: yaml_to_json.py IN OUT

The contract is kept in YAML for people and served as JSON to machines. Only what JSON can say is
accepted: no tags, no anchors that repeat themselves, no keys that are not strings, none twice.
"""
import json
import sys

import yaml


class StrictLoader(yaml.SafeLoader):
    """Refuses what would silently become something else in JSON."""


def mapping(loader, node):
    result = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node)
        if not isinstance(key, str):
            raise SystemExit(f"{key_node.start_mark}: quote the key {key!r}")
        if key in result:
            raise SystemExit(f"{key_node.start_mark}: {key} is there twice")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


StrictLoader.add_constructor("tag:yaml.org,2002:map", mapping)


def main(source, target):
    with open(source, encoding="utf-8") as file:
        document = yaml.load(file, StrictLoader)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


if __name__ == "__main__":
    main(*sys.argv[1:3])
