def counter(start=0):
    def step():
        nonlocal start
        start += 1
        return start

    return step


tick, tock = counter(), counter(40)
# %%
print(tick(), tock(), tick())
# %%
import functools


def traced(function):
    @functools.wraps(function)
    def wrapper(*args):
        result = function(*args)
        print(f"{function.__name__}{args} = {result}")
        return result

    return wrapper


@traced
def power(base, exponent):
    return 1 if exponent == 0 else base * power(base, exponent - 1)
# %%
power(2, 3)
# %%
late = [lambda: n for n in range(3)]
early = [lambda n=n: n for n in range(3)]
print([f() for f in late], [f() for f in early])
# %%
# Defined again: it gives a function.
def power(base):
    return lambda exponent: base**exponent


list(map(power(2), range(5)))
# %%
from itertools import islice


def primes():
    found, n = [], 2
    while True:
        if all(n % prime for prime in found):
            found.append(n)
            yield n
        n += 1


numbers = primes()
list(islice(numbers, 5))
# %%
# A generator that is half used goes on in the next cell.
print(next(numbers), next(numbers))
numbers.close()
try:
    next(numbers)
except StopIteration:
    print("closed")
