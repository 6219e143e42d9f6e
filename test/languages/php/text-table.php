// Cells of templates: HTML outside, PHP inside.
$rows = [['Oslo', -3.5], ['Lima', 19], ['Kyoto', 8.25]];
// %%
?>
<table>
<?php foreach ($rows as [$city, $degrees]): ?>
  <tr><td><?= htmlspecialchars($city) ?></td><td><?= number_format($degrees, 1) ?></td></tr>
<?php endforeach ?>
</table>
// %%
ob_start();
foreach ($rows as [$city, $degrees]) {
    echo str_pad($city, 8), str_pad((string) $degrees, 6, ' ', STR_PAD_LEFT), "|\n";
}
$table = ob_get_clean();
// %%
echo $table;
kb_json(array_column($rows, 1, 0));
// %%
array_sum(array_column($rows, 1))
