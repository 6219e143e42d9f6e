from dataclasses import dataclass
from operator import attrgetter


@dataclass(order=True, frozen=True)
class Person:
    name: str
    age: int
    city: str


people = [
    Person("Grace", 85, "New York"),
    Person("Ada", 36, "London"),
    Person("Alan", 41, "Wilmslow"),
    Person("Edsger", 72, "Nuenen"),
    Person("Barbara", 36, "Boston"),
]
# %%
def show(people):
    for person in people:
        print(f"{person.name:<8}{person.age:>3} {person.city}")


show(sorted(people, key=lambda person: (-person.age, person.name)))
# %%
# Sorting is stable: people of one age stay in the order that they had.
by_age = sorted(sorted(people, reverse=True), key=attrgetter("age"))
[person.name for person in by_age]
# %%
from itertools import groupby

for age, group in groupby(by_age, attrgetter("age")):
    print(age, [person.city for person in group])
# %%
max(people, key=lambda person: len(person.city))
# %%
from bisect import insort


# Defined again: all in one line.
def show(people):
    print(", ".join(person.name for person in people))


insort(by_age, Person("Tim", 40, "Kew"), key=attrgetter("age"))
show(by_age)
# %%
try:
    sorted([*people, None])
except TypeError as error:
    print("caught:", error)
