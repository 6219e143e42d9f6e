$makeCounter = function (int $start = 0): Closure {
    return function () use (&$start): int {
        return ++$start;
    };
};
[$tick, $tock] = [$makeCounter(), $makeCounter(40)];
// %%
echo $tick(), ' ', $tock(), "\n";
// %%
echo $tick(), ' ', $tock(), ' ', $tick(), "\n";
// %%
$compose = fn(callable ...$steps) => fn($x) => array_reduce($steps, fn($value, $step) => $step($value), $x);
$slug = $compose(trim(...), strtolower(...), fn($text) => preg_replace('/\W+/', '-', $text));
$slug('  Hello, Big World ')
// %%
function primes(): Generator
{
    for ($n = 2; ; $n++) {
        for ($d = 2; $d * $d <= $n; $d++) {
            if ($n % $d === 0) {
                continue 2;
            }
        }
        yield $n;
    }
}
$primes = primes();
// %%
// A generator that is half used goes on in the next cell.
for ($i = 0; $i < 5; $i++, $primes->next()) {
    echo $primes->current(), ' ';
}
// %%
for ($i = 0; $i < 5; $i++, $primes->next()) {
    echo $primes->current(), ' ';
}
echo "\n";
// %%
class Account
{
    private int $balance = 7;
}
(fn() => $this->balance)->call(new Account())
