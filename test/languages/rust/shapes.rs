trait Shape {
    fn name(&self) -> String;
    fn area(&self) -> f64;
    fn describe(&self) -> String {
        format!("{} of {:.2}", self.name(), self.area())
    }
}

struct Circle(f64);
struct Square { side: f64 }

impl Shape for Circle {
    fn name(&self) -> String { "circle".into() }
    fn area(&self) -> f64 { std::f64::consts::PI * self.0.powi(2) }
}

impl Shape for Square {
    fn name(&self) -> String { "square".into() }
    fn area(&self) -> f64 { self.side * self.side }
}
// %%
let mut shapes: Vec<Box<dyn Shape>> = vec![Box::new(Circle(1.0)), Box::new(Square { side: 2.0 })];
for shape in &shapes {
    println!("{}", shape.describe());
}
// %%
struct Triangle { a: f64, b: f64, c: f64 }

impl Shape for Triangle {
    fn name(&self) -> String { "triangle".into() }
    fn area(&self) -> f64 {
        let s = (self.a + self.b + self.c) / 2.0;
        (s * (s - self.a) * (s - self.b) * (s - self.c)).sqrt()
    }
}

shapes.push(Box::new(Triangle { a: 3.0, b: 4.0, c: 5.0 }));
shapes.iter().map(|shape| shape.area()).fold(0.0, f64::max)
// %%
fn largest(shapes: &[Box<dyn Shape>]) -> Option<&dyn Shape> {
    shapes.iter().map(|shape| shape.as_ref()).max_by(|a, b| a.area().total_cmp(&b.area()))
}
largest(&shapes).map(|shape| shape.name())
// %%
struct Picture(Vec<Circle>);

impl kb::Rich for Picture {
    fn formats(&self) -> Vec<(String, Vec<u8>)> {
        let circles: String = self.0.iter().map(|c| format!(r#"<circle r="{}"/>"#, c.0)).collect();
        vec![("text/plain".into(), b"a picture".to_vec()), ("image/svg+xml".into(), format!("<svg>{circles}</svg>").into_bytes())]
    }
}
Picture(vec![Circle(1.0), Circle(2.0)])
