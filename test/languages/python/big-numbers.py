from math import factorial, isqrt

factorial(30)
# %%
def digits(n):
    return sum(map(int, str(n)))


print(digits(2**1000), len(str(2**1000)))
# %%
from fractions import Fraction

harmonic = sum(Fraction(1, n) for n in range(1, 21))
print(harmonic)
isqrt(2 * 10**40)
# %%
from decimal import Decimal, localcontext

print(0.1 + 0.2, Decimal("0.1") + Decimal("0.2"))
with localcontext() as context:
    context.prec = 50
    root = Decimal(2).sqrt()
root
# %%
mersenne = 2**127 - 1
print(pow(3, mersenne - 1, mersenne), pow(3, -1, 7))
mersenne
# %%
# Defined again: until one digit is left.
def digits(n):
    while n > 9:
        n = sum(map(int, str(n)))
    return n


digits(factorial(30))
# %%
try:
    float(factorial(200))
except OverflowError as error:
    print("caught:", error)
