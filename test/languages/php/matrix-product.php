function product(array $a, array $b): array
{
    $columns = array_map(null, ...$b);
    return array_map(
        fn($row) => array_map(fn($column) => array_sum(array_map(fn($x, $y) => $x * $y, $row, $column)), $columns),
        $a,
    );
}
// %%
product([[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10], [11, 12]])
// %%
$q = [[1, 1], [1, 0]];
$power = [[1, 0], [0, 1]];
for ($i = 0; $i < 30; $i++) {
    $power = product($power, $q);
}
// %%
echo "fib(30) = {$power[0][1]}\n";
