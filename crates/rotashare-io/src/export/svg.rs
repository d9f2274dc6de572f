//! Plots as SVG: small, with no script, readable in black and white.
//!
//! Colours are Okabe and Ito's, told apart by people with any colour vision; nothing is said by colour
//! alone.

use super::text::{escape, put};

/// Bluish green: filled, enough.
pub(crate) const GREEN: &str = "#009E73";
/// Vermillion: empty, too few.
pub(crate) const VERMILLION: &str = "#D55E00";
/// Blue.
pub(crate) const BLUE: &str = "#0072B2";
/// Sky blue.
pub(crate) const SKY: &str = "#56B4E9";
/// Orange: tight.
pub(crate) const ORANGE: &str = "#E69F00";

/// A letter's width, of the wider fonts.
const CHARACTER: f64 = 7.1;
const ROW: f64 = 22.0;
const WIDTH: f64 = 580.0;

/// A bar of a plot: up to two parts, a mark on the axis, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) label: String,
    /// Lengths and colours, from the left.
    pub(crate) parts: Vec<(f64, &'static str)>,
    /// Where a line is drawn across the bar.
    pub(crate) mark: Option<f64>,
    /// What stands at its right.
    pub(crate) value: String,
}

/// A plot and its size.
#[derive(Clone, Debug)]
pub(crate) struct Plot {
    pub(crate) svg: String,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Horizontal bars on a common scale.
pub(crate) fn bars(id: &str, title: &str, description: &str, bars: &[Bar]) -> Plot {
    let longest = bars.iter().map(|bar| bar.label.chars().count()).max().unwrap_or(0).min(34);
    let widest = bars.iter().map(|bar| bar.value.chars().count()).max().unwrap_or(0);
    let left = longest as f64 * CHARACTER + 10.0;
    let right = widest as f64 * CHARACTER + 12.0;
    let span = (WIDTH - left - right).max(80.0);
    let length = |bar: &Bar| {
        let sum: f64 = bar.parts.iter().map(|(length, _)| length).sum();
        sum.max(bar.mark.unwrap_or(0.0))
    };
    let most = bars.iter().map(length).fold(0.0, f64::max).max(1e-9);
    let height = bars.len() as f64 * ROW + 6.0;
    let width = WIDTH;
    let mut svg = open(id, title, description, width, height);
    for (index, bar) in bars.iter().enumerate() {
        let y = index as f64 * ROW + 4.0;
        put!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            left - 6.0,
            y + 12.5,
            escape(&short(&bar.label, 34))
        );
        let mut x = left;
        for (length, colour) in bar.parts.iter().filter(|(length, _)| *length > 0.0) {
            let width = length / most * span;
            put!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"16\" fill=\"{colour}\"/>"
            );
            x += width;
        }
        if let Some(mark) = bar.mark {
            let at = left + mark / most * span;
            put!(
                svg,
                "<path d=\"M{at:.1} {:.0}v20\" class=\"mark\" stroke-width=\"2.5\"/>",
                y - 2.0
            );
            x = x.max(at);
        }
        put!(svg, "<text x=\"{:.0}\" y=\"{:.0}\">{}</text>", x + 6.0, y + 12.5, escape(&bar.value));
    }
    svg.push_str("</svg>");
    Plot { svg, width, height }
}

/// A column of a plot over time.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) height: f64,
    pub(crate) value: String,
}

/// Upright columns on a common scale.
pub(crate) fn columns(id: &str, title: &str, description: &str, columns: &[Column]) -> Plot {
    let step = (WIDTH / columns.len().max(1) as f64).min(110.0);
    let most = columns.iter().map(|column| column.height).fold(0.0, f64::max).max(1e-9);
    let (top, tall) = (18.0, 110.0);
    let width = (step * columns.len() as f64).max(260.0);
    let height = top + tall + 22.0;
    let mut svg = open(id, title, description, width, height);
    for (index, column) in columns.iter().enumerate() {
        let (x, rise) = (index as f64 * step + step * 0.15, column.height / most * tall);
        let middle = index as f64 * step + step / 2.0;
        put!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{rise:.1}\" fill=\"{BLUE}\"/>\
             <text x=\"{middle:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>\
             <text x=\"{middle:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
            top + tall - rise,
            step * 0.7,
            top + tall - rise - 5.0,
            escape(&column.value),
            top + tall + 15.0,
            escape(&column.label)
        );
    }
    svg.push_str("</svg>");
    Plot { svg, width, height }
}

/// A cell of a heat map; `None` where there is nothing to say.
pub(crate) type Cell = Option<(String, &'static str)>;

/// A table of coloured cells, each with its number: rows by columns.
pub(crate) fn heat(
    id: &str,
    title: &str,
    description: &str,
    columns: &[String],
    rows: &[(String, Vec<Cell>)],
) -> Plot {
    let longest = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0).min(40);
    let left = longest as f64 * CHARACTER + 10.0;
    let values = rows.iter().flat_map(|(_, cells)| cells.iter().flatten());
    let widest = values.map(|(value, _)| value.chars().count()).max().unwrap_or(0);
    let cell = (widest as f64 * CHARACTER + 6.0).max(20.0);
    let top = 44.0;
    let width = left + cell * columns.len() as f64 + 4.0;
    let height = top + 19.0 * rows.len() as f64 + 4.0;
    let mut svg = open(id, title, description, width, height);
    for (index, label) in columns.iter().enumerate() {
        let x = left + cell * (index as f64 + 0.5) + 4.0;
        put!(
            svg,
            "<text transform=\"translate({x:.0} {:.0}) rotate(-60)\">{}</text>",
            top - 5.0,
            escape(label)
        );
    }
    for (index, (label, cells)) in rows.iter().enumerate() {
        let y = top + 19.0 * index as f64;
        put!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            left - 6.0,
            y + 13.0,
            escape(&short(label, 40))
        );
        for (column, cell_here) in cells.iter().enumerate() {
            let Some((value, colour)) = cell_here else { continue };
            let x = left + cell * column as f64;
            // Black on all four: contrast of at least 4.5 to 1, save on blue.
            let ink = if *colour == BLUE { "#fff" } else { "#000" };
            put!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.0}\" width=\"{:.1}\" height=\"18\" fill=\"{colour}\"/>\
                 <text x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"middle\" style=\"fill:{ink}\">{}</text>",
                cell - 1.0,
                x + cell / 2.0,
                y + 13.0,
                escape(value)
            );
        }
    }
    svg.push_str("</svg>");
    Plot { svg, width, height }
}

fn open(id: &str, title: &str, description: &str, width: f64, height: f64) -> String {
    let mut svg = String::new();
    put!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"system-ui,sans-serif\" font-size=\"12\">\
         <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>\
         <style>text{{fill:currentColor}}.mark{{stroke:currentColor;fill:none}}</style>",
        escape(title),
        escape(description)
    );
    svg
}

/// A text of at most so many characters, with `…` where some are left out.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}
