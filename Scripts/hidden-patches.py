#!/usr/bin/env python3
"""How often guided masks hide which patches of an adaptation's film (results 012).

  hidden-patches.py MODEL    MODEL_film.safetensors and MODEL_adaptation.json, in a library's derivatives/cordscope/models

The masks are drawn as `GuidedMasks` does (decision 008), 2000 at each refresh, by another generator of random numbers.
Nothing but Python's own library is needed.
"""
import array
import json
import math
import random
import struct
import sys

DRAWS = 2000
PATCH = 8


def tensors(path):
    """The tensors of a safetensors file by name: shape and values."""
    with open(path, "rb") as file:
        data = file.read()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        first, end = (8 + size + at for at in entry["data_offsets"])
        values = array.array({"F32": "f", "I64": "q"}[entry["dtype"]], data[first:end])
        if sys.byteorder != "little":
            values.byteswap()
        found[name] = entry["shape"], values
    return found


def patches(film, frame):
    """Pixels of cord and CSF and summed EU of each patch, by its row and column in the network's grid."""
    (_, rows, columns), uncertainty = film["epistemic"]
    error = film["aleatoric"][1]
    _, top, left = film["box"][1]
    found = {}
    for n in range(rows * columns):
        at = frame * rows * columns + n
        if error[at] > 0:
            place = (top + n // columns) // PATCH, (left + n % columns) // PATCH
            pixels, total = found.get(place, (0, 0.0))
            found[place] = pixels + 1, total + uncertainty[at]
    return found


def hidden(found, ratio, temperature, source):
    """The part of the draws in which each patch is hidden: the largest of logit and Gumbel noise are."""
    mean = sum(total for _, total in found.values()) / len(found)
    # As RandomMasks.maskedCount does beside one patch that is never masked.
    masked = len(found) + 1 - math.floor((1 - ratio) * len(found) + 1)
    counts = dict.fromkeys(found, 0)
    for _ in range(DRAWS):
        keys = {place: total / (temperature * mean) - math.log(-math.log(max(source.random(), 2.0 ** -60)))
                for place, (_, total) in found.items()}
        for place in sorted(keys, key=keys.get, reverse=True)[:masked]:
            counts[place] += 1
    return {place: count / DRAWS for place, count in counts.items()}


def groups(found):
    """The patches of each line of the table."""
    order = sorted(found, key=lambda place: found[place][1] / found[place][0], reverse=True)
    third = len(order) // 3
    ends = {}
    for row, column in found:
        first, last = ends.get(row, (column, column))
        ends[row] = min(first, column), max(last, column)
    outer = [place for place in found if place[1] in ends[place[0]]]
    hindmost = {place for place in found if place[1] == ends[place[0]][1]}
    return {
        "third with the highest EU a pixel": order[:third],
        "third with the lowest EU a pixel": order[-third:],
        f"all {PATCH * PATCH} px in cord and CSF": [p for p in found if found[p][0] == PATCH * PATCH],
        f"fewer than {PATCH * PATCH // 2} px": [p for p in found if found[p][0] < PATCH * PATCH // 2],
        "outermost of their row": outer,
        "between them": [place for place in found if place not in outer],
    }, hindmost


def main(model):
    film = tensors(model + "_film.safetensors")
    with open(model + "_adaptation.json") as file:
        record = json.load(file)
    if record["masking"] == "random":
        sys.exit(f"{model}: its masks were random")
    ratio, temperature = (float(record["settings"][name]) for name in ("mask_ratio", "temperature"))
    source = random.Random(1)
    table, often = {}, []
    for frame in range(film["epistemic"][0][0]):
        found = patches(film, frame)
        parts = hidden(found, ratio, temperature, source)
        lines, hindmost = groups(found)
        for name, places in lines.items():
            table.setdefault((name, len(places)), []).append(sum(parts[p] for p in places) / len(places))
        most = [place for place in found if parts[place] >= 0.9]
        rows = [row for row, _ in found]
        middle = (min(rows) + max(rows)) / 2
        often.append((len(most), sum(p in hindmost for p in most), sum(p[0] > middle for p in most)))
    print("| which | patches | hidden |\n|---|---|---|")
    for (name, count), values in table.items():
        least, most = f"{min(values):.2f}", f"{max(values):.2f}"
        print(f"| {name} | {count} | {least if least == most else f'{least}-{most}'} |")
    for name, values in zip(("in 0.9 of the draws or more", "hindmost of them", "in the lower half"), zip(*often)):
        print(f"{name}: {min(values)} to {max(values)}")


if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
    sys.exit(__doc__)
main(sys.argv[1])
