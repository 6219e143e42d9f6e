import re
from collections import Counter

text = """The quick brown fox jumps over the lazy dog.
The dog sleeps; the fox doesn't."""


def words(text):
    yield from re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())
# %%
counts = Counter(words(text))
for word, count in counts.most_common(3):
    print(f"{word:>5} {count}")
# %%
len(counts), counts.total()
# %%
# Defined again: only long words, and an apostrophe ends a word.
def words(text):
    return (word for word in re.findall(r"\w+", text.lower()) if len(word) > 4)


sorted(words(text))
# %%
counts.subtract(words(text))
sorted(+counts)
# %%
from collections import defaultdict

by_length = defaultdict(list)
for word in sorted(counts):
    by_length[len(word)].append(word)
print(*(f"{n}: {' '.join(by_length[n])}" for n in sorted(by_length)), sep="\n")
