#!/usr/bin/env python3
"""Check a random selection from its published bundle. Needs Python 3.8 or later and nothing else.

    python3 verify.py MA-2026-0001.json [RECEIPT-NUMBER] [--fr]

Vérifie une sélection aléatoire à partir du fichier publié. Il suffit d’avoir Python 3.8 ou une version ultérieure.

It trusts nobody: it reads the bundle and computes everything again, and says what it cannot know. It stands alone and
shares no code with the site. Ends with 0 when everything holds, with 1 when something does not.

The method is that of ICANN OCTO-41: each receipt number, a slash and the public text, written in hexadecimal; the
SHA-256 of that; the highest comes first.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from typing import Any

WORDS = {
    "list": ("List {0}", "Liste {0}"),
    "secret": ("the secret is the one committed to", "le secret est celui de l’engagement"),
    "digest": ("the list is the one that was frozen", "la liste est celle qui a été figée"),
    "whole": ("each application is on it once", "chaque demande y figure une seule fois"),
    "times": ("every step came after the one before it", "chaque étape a suivi la précédente"),
    "input": ("the public input is what was entered", "la donnée publique est celle qui a été entrée"),
    "text": ("the public text is made of these parts", "le texte public est composé de ces éléments"),
    "order": ("the order is the one that the text gives", "l’ordre est celui que donne le texte"),
    "single": ("one application passed, so nothing was drawn", "une seule demande retenue : pas de tirage"),
    "void": ("void, and does not count", "annulée : elle ne compte pas"),
    "waits": ("not drawn yet", "pas encore tirée"),
    "redraw": ("only one list counts", "une seule liste compte"),
    "selected": ("Selected: {0}", "Sélectionnée : {0}"),
    "yours": ("{0} is number {1} of {2}", "{0} occupe le rang {1} de {2}"),
    "absent": ("{0} is not on the list", "{0} n’est pas sur la liste"),
    "good": ("Everything holds.", "Tout concorde."),
    "bad": ("SOMETHING DOES NOT HOLD.", "QUELQUE CHOSE NE CONCORDE PAS."),
    "unknown": (
        "Check yourself that “{0}” is what the announced source gave.",
        "Vérifiez vous-même que « {0} » est bien ce qu’a donné la source annoncée.",
    ),
    "usage": ("Give the name of the bundle.", "Indiquez le nom du fichier."),
    "unread": ("This is no bundle of a selection: {0}", "Ce fichier n’est pas celui d’une sélection : {0}"),
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def order_of(candidates: list[str], public_text: str) -> list[str]:
    """OCTO-41."""
    hashes = {name: sha256((name + "/" + public_text).encode("utf-8").hex()) for name in candidates}
    return sorted(candidates, key=lambda name: (hashes[name], name), reverse=True)


def times_hold(entry: dict[str, Any]) -> bool:
    """Whether every step came after the one before it; all times are written alike, so texts compare as times do."""
    frozen, drawn = entry["frozen"], entry.get("drawn")
    times = [entry["commitment"]["published_at"], frozen["at"]]
    if drawn:
        entered = [each["entered_at"] for each in drawn["entries"]]
        times += [frozen["input_known_from"], min(entered), max(entered), drawn["at"]]
    if entry.get("voided"):
        times.append(entry["voided"]["at"])
    return sorted(times) == times


def input_of(entry: dict[str, Any]) -> str:
    """The public input as it follows from what was entered."""
    source, drawn = entry["commitment"]["source"], entry["drawn"]
    said = [each["text"] for each in drawn["entries"]]
    if not source["witnessed"] and len(set(said)) != 1:
        return ""
    parts = " | ".join(said) if source["witnessed"] else said[0]
    return " ".join([source["key"], entry["frozen"]["input"], parts])


def check_list(bundle: dict[str, Any], entry: dict[str, Any]) -> tuple[list[tuple[str, bool]], list[str]]:
    """The name of each check of a revealed list, with whether it holds, and the order."""
    frozen, drawn, voided = entry["frozen"], entry.get("drawn"), entry.get("voided")
    said = json.loads(frozen["text"])
    names = said["candidates"]
    checks = [
        ("digest", sha256(frozen["text"]) == frozen["sha256"]),
        (
            "whole",
            sorted(set(names)) == names
            and len(names) == frozen["count"]
            and said["file"] == bundle["file"]
            and said["list"] == entry["commitment"]["sequence"],
        ),
        ("times", times_hold(entry)),
    ]
    secret = (drawn or voided or {}).get("secret")
    if secret:
        checks.append(("secret", sha256(secret) == entry["commitment"]["sha256"]))
    if not drawn:
        return checks, names if len(names) == 1 else []
    text = "/".join(["v1", bundle["file"], frozen["sha256"], drawn["secret"], drawn["public_input"]])
    order = order_of(names, text)
    published = [(each["rank"], each["receipt"]) for each in drawn["order"]]
    checks += [
        ("input", input_of(entry) == drawn["public_input"]),
        ("text", text == drawn["public_text"]),
        ("order", published == list(enumerate(order, start=1))),
    ]
    return checks, order


def check(bundle: dict[str, Any], say: Callable[..., None]) -> tuple[bool, list[str]]:
    """Say what holds and what does not, list by list: whether everything holds, and the order that counts."""
    lists = [entry for entry in bundle["lists"] if "frozen" in entry]
    holds = True
    counting: list[list[str]] = []
    for entry in lists:
        say("list", entry["commitment"]["sequence"])
        if "text" not in entry["frozen"]:
            say("waits")
            continue
        checks, order = check_list(bundle, entry)
        for word, good in checks:
            say(word, holds=good)
            holds = holds and good
        if entry.get("voided"):
            say("void")
            continue
        counting.append(order)
        if "drawn" in entry:
            say("unknown", entry["drawn"]["public_input"])
        elif len(order) == 1:
            say("single")
    if len(counting) > 1 or any("voided" not in entry for entry in lists[:-1]):
        say("redraw", holds=False)
        holds = False
    return holds, counting[0] if counting else []


def main(arguments: list[str]) -> int:
    language = 1 if "--fr" in arguments else 0
    arguments = [argument for argument in arguments if argument != "--fr"]

    def say(word: str, *values: object, holds: bool | None = None) -> None:
        mark = "" if holds is None else "  ok     " if holds else "  FAUX   " if language else "  WRONG  "
        sys.stdout.write(mark + WORDS[word][language].format(*values) + "\n")

    if not arguments:
        say("usage")
        return 1
    try:
        with open(arguments[0], encoding="utf-8") as file:
            holds, order = check(json.load(file), say)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        say("unread", repr(error))
        return 1
    if order:
        say("selected", order[0])
    for receipt in arguments[1:]:
        if receipt in order:
            say("yours", receipt, order.index(receipt) + 1, len(order))
        else:
            say("absent", receipt)
    say("good" if holds else "bad")
    return 0 if holds else 1


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
