fn hanoi(disks: u32, from: char, to: char, over: char, moves: &mut Vec<(char, char)>) {
    if disks > 0 {
        hanoi(disks - 1, from, over, to, moves);
        moves.push((from, to));
        hanoi(disks - 1, over, to, from, moves);
    }
}

let mut moves = Vec::new();
hanoi(3, 'A', 'C', 'B', &mut moves);
moves.len()
// %%
println!("{}", moves.iter().map(|(from, to)| format!("{from}{to}")).collect::<Vec<_>>().join(" "));
// %%
#[derive(Debug)]
enum Tree {
    Leaf,
    Node(Box<Tree>, i32, Box<Tree>),
}

impl Tree {
    fn insert(self, value: i32) -> Tree {
        match self {
            Tree::Leaf => Tree::Node(Box::new(Tree::Leaf), value, Box::new(Tree::Leaf)),
            Tree::Node(left, own, right) if value < own => Tree::Node(Box::new(left.insert(value)), own, right),
            Tree::Node(left, own, right) => Tree::Node(left, own, Box::new(right.insert(value))),
        }
    }
}

let mut tree = Tree::Leaf;
for value in [5, 2, 8, 1, 9] {
    tree = tree.insert(value);
}
// %%
impl Tree {
    fn walk(&self, visit: &mut dyn FnMut(i32, usize), depth: usize) {
        if let Tree::Node(left, value, right) = self {
            left.walk(visit, depth + 1);
            visit(*value, depth);
            right.walk(visit, depth + 1);
        }
    }
}

tree.walk(&mut |value, depth| println!("{}{value}", "  ".repeat(depth)), 0);
// %%
let mut deepest = 0;
tree.walk(&mut |_, depth| deepest = deepest.max(depth), 1);
deepest
// %%
fn ackermann(m: u64, n: u64) -> u64 {
    match (m, n) {
        (0, n) => n + 1,
        (m, 0) => ackermann(m - 1, 1),
        (m, n) => ackermann(m - 1, ackermann(m, n - 1)),
    }
}
ackermann(2, 3)
