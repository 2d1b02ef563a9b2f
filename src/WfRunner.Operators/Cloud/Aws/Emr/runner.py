#!/usr/bin/env python3
"""Runs one command on an EMR node: fetches its files, decrypts its secrets and takes its place.

Needs Python 3 and the `aws` program, both of which every EMR release brings.
Usage: runner.py s3://BUCKET/KEY-OF-CONFIG
"""
import base64
import json
import os
import subprocess
import sys
import tempfile


def fetch(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    subprocess.run(["aws", "s3", "cp", "--only-show-errors", source, target], check=True)


def decrypt(value, region):
    with tempfile.NamedTemporaryFile() as cipher:
        cipher.write(base64.b64decode(value))
        cipher.flush()
        call = ["aws", "kms", "decrypt", "--ciphertext-blob", "fileb://" + cipher.name, "--query", "Plaintext", "--output", "text"]
        if region:
            call += ["--region", region]
        return base64.b64decode(subprocess.run(call, check=True, stdout=subprocess.PIPE).stdout).decode("utf-8")


def main(config_uri):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "config.json")
        fetch(config_uri, path)
        with open(path, encoding="utf-8") as file:
            config = json.load(file)

    def value_of(parameter):
        if parameter["type"] == "kms_encrypted":
            return decrypt(parameter["value"], config.get("kms_region"))
        return parameter["value"]

    def shown(parameter):
        return "***" if parameter["type"] == "kms_encrypted" else parameter["value"]

    os.makedirs(config["working_directory"], exist_ok=True)
    for download in config["download"]:
        print("Downloading", download["src"], "->", download["dst"], flush=True)
        fetch(download["src"], download["dst"])
        if download["mode"] is not None:
            os.chmod(download["dst"], download["mode"])

    for name, parameter in config["env"].items():
        print("Variable", name + "=" + shown(parameter), flush=True)
    print("Running", [shown(word) for word in config["command"]], flush=True)
    environment = dict(os.environ)
    environment.update((name, value_of(parameter)) for name, parameter in config["env"].items())
    command = [value_of(word) for word in config["command"]]
    status = subprocess.run(command, cwd=config["working_directory"], env=environment).returncode
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
