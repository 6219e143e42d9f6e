<?php

// The program that runs cells: see docs/runners.md for what goes over descriptors 3 and 4. Cells are included from the
// last lines of this file, in its global scope, so it has one global of its own.

foreach (['Frames', 'Engine', 'Definitions', 'TopLevel', 'CellSource', 'Values', 'Errors', 'Questions', 'Fork', 'MemoryGuard', 'Settings', 'Runner', 'helpers'] as $__kb) {
    require __DIR__ . "/$__kb.php";
}

$__kb = new \Kernelbox\Runner(new \Kernelbox\Frames());
$__kb->greet();
while ($__kb->prepare()) {
    try {
        $__kb->end(include $__kb->file);
    } catch (\Throwable $__kb_error) {
        $__kb->fail($__kb_error);
        unset($__kb_error);
    }
}
