$text = <<<TEXT
    The quick brown fox jumps over the lazy dog.
    The dog sleeps; the fox does not. Naïve foxes jump!
    TEXT;
// %%
preg_match_all('/\p{L}+/u', mb_strtolower($text), $found);
$count = array_count_values($found[0]);
count($count)
// %%
uksort($count, fn($a, $b) => [$count[$b], $a] <=> [$count[$a], $b]);
foreach (array_slice($count, 0, 4) as $word => $times) {
    echo "$times $word\n";
}
// %%
$lengths = array_count_values(array_map(mb_strlen(...), array_keys($count)));
ksort($lengths);
$lengths
