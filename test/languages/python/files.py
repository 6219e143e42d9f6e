import csv
import tempfile
from pathlib import Path

directory = Path(tempfile.mkdtemp(prefix="kb-"))
for name in ("alpha", "beta", "with space"):
    (directory / f"{name}.txt").write_text(f"{name}\nline two\n", encoding="utf-8")
# %%
def names(pattern):
    return sorted(path.name for path in directory.glob(pattern))


names("*.txt")
# %%
table = (directory / "table.csv").open("w+", newline="", encoding="utf-8")
writer = csv.DictWriter(table, ["name", "note"])
for row in ({"name": "name", "note": "note"}, {"name": "Ada", "note": 'said "hello", twice'}):
    writer.writerow(row)
# %%
# An open file is as open in the next cell.
writer.writerow({"name": "Kōji"})
table.seek(0)
for row in csv.DictReader(table):
    print(row["name"], row["note"], sep=" | ")
table.close()
# %%
with (directory / "with space.txt").open(encoding="utf-8") as lines:
    for number, text in enumerate(lines, 1):
        print(f"{number}: {text.rstrip()}")
# %%
try:
    (directory / "gone.txt").read_text()
except FileNotFoundError as error:
    print("caught:", error.strerror, Path(error.filename).name)
# %%
# Defined again: with sizes.
def names(pattern):
    return {path.name: path.stat().st_size for path in sorted(directory.glob(pattern))}


print(names("*"))
# %%
import shutil

shutil.rmtree(directory)
directory.exists()
