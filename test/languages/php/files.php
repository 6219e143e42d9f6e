$directory = sys_get_temp_dir() . '/kb-' . getmypid();
mkdir($directory);
foreach (['alpha', 'beta', 'with space'] as $name) {
    file_put_contents("$directory/$name.txt", "$name\nline two\n");
}
// %%
$files = glob("$directory/*.txt");
array_map(basename(...), $files)
// %%
$handle = fopen("$directory/table.csv", 'w+');
fputcsv($handle, ['name', 'note'], escape: '');
fputcsv($handle, ['Ada', 'said "hello", twice'], escape: '');
// %%
// An open file is as open in the next cell.
fputcsv($handle, ['Kōji', ''], escape: '');
rewind($handle);
while (($row = fgetcsv($handle, escape: '')) !== false) {
    echo implode(' | ', $row), "\n";
}
fclose($handle);
// %%
foreach (new SplFileObject($files[2]) as $number => $line) {
    if ($line !== '') {
        echo $number + 1, ': ', rtrim($line), "\n";
    }
}
// %%
array_map(unlink(...), [...$files, "$directory/table.csv"]);
rmdir($directory);
file_exists($directory)
