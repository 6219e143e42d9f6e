echo gmp_strval(gmp_pow(2, 200)), "\n";
// %%
echo gmp_fact(30), "\n";
// %%
bcscale(50);
function machin(int $terms): string
{
    // Machin: pi = 16 atan(1/5) - 4 atan(1/239)
    $atan = function (string $inverse) use ($terms): string {
        $power = bcdiv('1', $inverse, 60);
        $sum = '0';
        for ($i = 0; $i < $terms; $i++) {
            $sum = bcadd($sum, bcdiv($power, (string) ((1 - 2 * ($i % 2)) * (2 * $i + 1)), 60), 60);
            $power = bcdiv($power, bcmul($inverse, $inverse, 0), 60);
        }
        return $sum;
    };
    return bcsub(bcmul('16', $atan('5'), 60), bcmul('4', $atan('239'), 60), 60);
}
// %%
substr(machin(45), 0, 52)
// %%
[$a, $b] = [gmp_init(0), gmp_init(1)];
for ($i = 0; $i < 100; $i++) {
    [$a, $b] = [$b, $a + $b];
}
// %%
(string) $a
// %%
PHP_INT_MAX + 1 === (float) '9223372036854775808'
