import re

log = """\
2024-05-01 ERROR disk full (code=28)
2024-05-02 INFO started
2024-05-03 ERROR no route (code=113)
"""
line = re.compile(r"^(?P<date>[\d-]{10}) (?P<level>[A-Z]+) (?P<text>.*?)(?: \(code=(?P<code>\d+)\))?$", re.M)
# %%
for match in line.finditer(log):
    print(match["level"], match["text"], match["code"], sep=" | ")
# %%
[match["date"] for match in line.finditer(log) if match["level"] == "ERROR"]
# %%
def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


snake("parseHttpHeader2Json")
# %%
# Defined again: capitals in a row stay together.
def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


print(snake("parseHTTPHeader"), snake("XMLHttpRequest"))
# %%
re.sub(r"(\w+) (\w+)", r"\2 \1", "one two three four")
# %%
print(re.split(r"\s*([;,])\s*", "a , b;c"))
print(re.sub(r"\d+", lambda match: str(int(match[0]) * 2), "3 apples, 14 pears"))
# %%
try:
    re.compile("(unclosed")
except re.error as error:
    print("caught:", error)
