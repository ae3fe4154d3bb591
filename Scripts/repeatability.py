#!/usr/bin/env python3
"""How well measurements repeat: one thin volume cut into thick slices from three starts (results 018).

  repeatability.py cut NAME=VOLUME.nii.gz ... --into DIR    NAMEx0, NAMEx1 and NAMEx2 (means of 3 slices), and NAMEthin
  repeatability.py table REPORT.json                        the table, of `cordscope report LIB --json`

NIfTI-1, 16 bits, slices along the third axis; nothing but Python's own library is needed.
"""
import array
import gzip
import json
import os
import shutil
import statistics
import struct
import sys

GROUP = 3


def cut(name, path, folder):
    """Writes the means of three neighbouring slices from slice 0, 1 and 2 on."""
    with gzip.open(path) as file:
        data = file.read()
    little = struct.unpack("<i", data[:4])[0] == 348
    order = "<" if little else ">"
    x, y, z = struct.unpack(order + "3h", data[42:48])
    kind = struct.unpack(order + "h", data[70:72])[0]
    rows = [list(struct.unpack(order + "4f", data[at:at + 16])) for at in (280, 296, 312)]
    if kind not in (4, 512) or abs(rows[0][2]) < 0.8 * abs(struct.unpack(order + "f", data[88:92])[0]):
        sys.exit(f"{path}: not 16 bits, or its slices along the third axis are not sagittal")
    offset = int(struct.unpack(order + "f", data[108:112])[0])
    voxels = array.array("h" if kind == 4 else "H", data[offset:offset + 2 * x * y * z])
    if little != (sys.byteorder == "little"):
        voxels.byteswap()
    area = x * y
    for start in range(GROUP):
        count = (z - start) // GROUP
        thick = array.array(voxels.typecode)
        for n in range(count):
            first = (start + n * GROUP) * area
            parts = [voxels[first + m * area:first + (m + 1) * area] for m in range(GROUP)]
            thick.extend(round(sum(part) / GROUP) for part in zip(*parts))
        if little != (sys.byteorder == "little"):
            thick.byteswap()
        header = bytearray(data[:offset])
        struct.pack_into(order + "h", header, 46, count)
        struct.pack_into(order + "f", header, 88, GROUP * struct.unpack(order + "f", data[88:92])[0])
        # The sform alone tells the place.
        struct.pack_into(order + "h", header, 252, 0)
        struct.pack_into(order + "h", header, 254, 1)
        for at, (a, b, c, d) in zip((280, 296, 312), rows):
            struct.pack_into(order + "4f", header, at, a, b, c * GROUP, d + c * (start + (GROUP - 1) / 2))
        with gzip.open(os.path.join(folder, f"{name}x{start}_T2w.nii.gz"), "wb", 6) as file:
            file.write(bytes(header) + thick.tobytes())
    shutil.copyfile(path, os.path.join(folder, f"{name}thin_T2w.nii.gz"))


def values(study):
    """The measured values by family and place."""
    found = {}

    def add(family, place, value):
        if value and value.get("value") is not None:
            found[family, place] = value["value"]

    alignment = study.get("alignment") or {}
    for key in ("cobb_deg", "c2_slope_deg", "t1_slope_deg", "c2_c7_sva_corner_mm", "c2_c7_sva_centroid_mm"):
        add(key, "", alignment.get(key))
    add("int_min_mm", "", (study.get("modified_k_line") or {}).get("int_min_mm"))
    add("mscc_max_percent", "", study.get("mscc_max_percent"))
    for level in study["levels"]:
        for key in ("cord_ap_mm", "canal_ap_mm", "mscc_adjacent_percent", "mcc_adjacent_percent", "cord_occupation_percent"):
            add(key, level["level"], level["narrowing"][key])
        add("displacement_mm", level["level"], level["disc"]["displacement_mm"])
    for vertebra in study["vertebrae"]:
        add("height_middle_mm", vertebra["level"], vertebra["height_middle_mm"])
    signal = study.get("signal") or {}
    add("scr_at_narrowest_ratio", "", signal.get("scr_at_narrowest_ratio"))
    return found


def table(path):
    """Prints range and standard deviation over the starts, and how far the thin volume lies from their mean."""
    with open(path) as file:
        studies = {study["subject"]: values(study) for study in map(json.loads, file)}
    necks = sorted({name[:-2] for name in studies if name[-2:] == "x0"})
    print("| measure | compared | range, mean | range, largest | SD | thin volume from their mean |")
    print("|---|---|---|---|---|---|")
    for family in dict.fromkeys(key[0] for study in studies.values() for key in study):
        ranges, variances, away = [], [], []
        for neck in necks:
            starts = [studies.get(f"{neck}x{n}", {}) for n in range(GROUP)]
            for key in starts[0]:
                if key[0] != family or not all(key in start for start in starts):
                    continue
                three = [start[key] for start in starts]
                ranges.append(max(three) - min(three))
                variances.append(statistics.variance(three))
                if key in studies.get(f"{neck}thin", {}):
                    away.append(abs(studies[f"{neck}thin"][key] - statistics.mean(three)))
        if ranges:
            deviation = statistics.mean(variances) ** 0.5
            thin = f"{statistics.mean(away):.2f}" if away else "-"
            print(f"| `{family}` | {len(ranges)} | {statistics.mean(ranges):.2f} | {max(ranges):.2f} | {deviation:.2f} | {thin} |")
    print()
    for neck in necks:
        for key in ("cobb_deg", "c2_slope_deg", "t1_slope_deg"):
            row = [studies.get(neck + end, {}).get((key, "")) for end in ("x0", "x1", "x2", "thin")]
            print(f"{neck} {key}: " + ", ".join("-" if value is None else f"{value:.1f}" for value in row))


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "table":
        table(arguments[1])
    elif len(arguments) >= 4 and arguments[0] == "cut" and arguments[-2] == "--into":
        os.makedirs(arguments[-1], exist_ok=True)
        for item in arguments[1:-2]:
            name, _, path = item.partition("=")
            if not name.isalnum() or not path:
                sys.exit(f"{item}: NAME=VOLUME.nii.gz, NAME of letters and digits, is expected")
            cut(name, path, arguments[-1])
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
