$log = <<<'LOG'
192.168.0.7 - - [21/Nov/2026:10:15:32 +0000] "GET /a.html HTTP/1.1" 200 512
10.0.0.1 - - [21/Nov/2026:10:15:40 +0000] "POST /form HTTP/1.1" 404 0
not a log line
192.168.0.7 - - [21/Nov/2026:10:16:02 +0000] "GET /b.png HTTP/1.1" 200 2048
LOG;
$pattern = '/^(?<host>[\d.]+) .*?\[(?<when>.*?)\] "(?<method>[A-Z]+) (?<path>\S+).*" (?<status>\d+) (?<bytes>\d+)$/m';
// %%
preg_match_all($pattern, $log, $lines, PREG_SET_ORDER);
foreach ($lines as ['method' => $method, 'path' => $path, 'status' => $status]) {
    echo "$method $path -> $status\n";
}
// %%
array_sum(array_map(fn($line) => $line['host'] === '192.168.0.7' ? (int) $line['bytes'] : 0, $lines))
// %%
preg_replace_callback('/\b(\w)(\w*)\b/', fn($m) => strtoupper($m[1]) . $m[2], 'make each word start large')
// %%
preg_split('/\s*[,;]\s*/', 'a , b;c ;d')
