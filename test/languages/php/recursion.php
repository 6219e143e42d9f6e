function hanoi(int $disks, string $from, string $to, string $via, array &$moves): void
{
    if ($disks === 0) {
        return;
    }
    hanoi($disks - 1, $from, $via, $to, $moves);
    $moves[] = $from . $to;
    hanoi($disks - 1, $via, $to, $from, $moves);
}
// %%
$moves = [];
hanoi(3, 'A', 'C', 'B', $moves);
echo count($moves), ' moves: ', implode(' ', $moves), "\n";
// %%
function permutations(array $items): Generator
{
    if (count($items) <= 1) {
        yield $items;
    }
    foreach ($items as $index => $item) {
        $rest = $items;
        unset($rest[$index]);
        foreach (count($items) > 1 ? permutations($rest) : [] as $permutation) {
            yield [$item, ...$permutation];
        }
    }
}
// %%
implode(' ', array_map(implode(...), iterator_to_array(permutations(['a', 'b', 'c']), false)))
// %%
// The same name again, better: with a memory.
function fibonacci(int $n): int
{
    return $n < 2 ? $n : fibonacci($n - 1) + fibonacci($n - 2);
}
fibonacci(15)
// %%
function fibonacci(int $n): int
{
    static $known = [];
    return $known[$n] ??= $n < 2 ? $n : fibonacci($n - 1) + fibonacci($n - 2);
}
fibonacci(90)
