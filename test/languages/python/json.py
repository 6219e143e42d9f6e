import json
from dataclasses import asdict, dataclass, field


@dataclass
class Planet:
    name: str
    moons: int
    rings: bool = False
    tags: list[str] = field(default_factory=list)


planets = [Planet("Mars", 2), Planet("Saturn", 146, True, ["gas", "große"])]
# %%
text = json.dumps([asdict(planet) for planet in planets], indent=2)
print(text)
# %%
json.loads(text, object_hook=lambda found: Planet(**found)) == planets
# %%
from datetime import date


class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, (set, frozenset)):
            return sorted(o)
        if isinstance(o, date):
            return o.isoformat()
        return super().default(o)


json.dumps({"seen": {3, 1, 2}, "on": date(2024, 2, 29)}, cls=Encoder)
# %%
from decimal import Decimal

prices = json.loads('{"a": 0.1, "b": 0.2, "n": null}', parse_float=Decimal)
print(prices["a"] + prices["b"], prices["n"])
# %%
try:
    json.loads('{"a": 1,\n "b": }')
except json.JSONDecodeError as error:
    print("caught at line", error.lineno, "column", error.colno)
# %%
# Defined again as a class that JSON has no word for, and that the encoder does not know.
class Planet:
    pass


json.dumps(Planet(), cls=Encoder)
