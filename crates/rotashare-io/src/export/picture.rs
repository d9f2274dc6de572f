//! The month's figures as a picture: SVG, or PNG drawn from it.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::charts;
use super::text::{escape, put};
use super::view::View;

/// Why a picture can't be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// It is no SVG that can be drawn.
    #[error("the picture can't be drawn")]
    Svg(#[from] resvg::usvg::Error),
    /// It has no size, or one beyond what a PNG has.
    #[error("the picture would have {width} by {height} pixels")]
    Size {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// It can't be packed.
    #[error("the picture can't be written as PNG: {0}")]
    Png(String),
}

/// Pixels of a PNG for each of the SVG, so that it is sharp on paper.
const SCALE: f32 = 2.0;

/// The letters of a PNG, which has to look the same on machines without any fonts.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!("../../fonts/NotoSans-Regular.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../../fonts/NotoSans-Bold.ttf").to_vec());
    fonts.set_sans_serif_family("Noto Sans");
    Arc::new(fonts)
});

/// The same picture as PNG.
///
/// # Errors
/// Where it would be too large.
pub fn png(view: &View<'_>) -> Result<Vec<u8>, PictureError> {
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: "Noto Sans".to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(&svg(view), &options)?;
    let size = tree.size().to_int_size().scale_by(SCALE);
    let (width, height) = size.map_or((0, 0), |size| (size.width(), size.height()));
    let mut pixels = Pixmap::new(width, height).ok_or(PictureError::Size { width, height })?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PictureError::Png(error.to_string()))
}

/// Every plot below one another, as one SVG.
#[must_use]
pub fn svg(view: &View<'_>) -> String {
    let charts = charts::all(view);
    let width = charts.iter().map(|chart| chart.plot.width).fold(640.0, f64::max) + 40.0;
    let notes: Vec<Vec<String>> =
        charts.iter().map(|chart| wrapped(&chart.note, (width / 6.2) as usize)).collect();
    let head = |notes: &[String]| 32.0 + 15.0 * notes.len() as f64;
    let height: f64 = charts
        .iter()
        .zip(&notes)
        .map(|(chart, notes)| chart.plot.height + head(notes) + 30.0)
        .sum::<f64>()
        + 60.0;
    let mut svg = String::new();
    put!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"system-ui,sans-serif\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\
         <text x=\"20\" y=\"34\" font-size=\"20\" font-weight=\"bold\">{}</text>",
        escape(&view.title())
    );
    let mut y = 60.0;
    for (chart, notes) in charts.iter().zip(&notes) {
        put!(
            svg,
            "<text x=\"20\" y=\"{:.0}\" font-size=\"15\" font-weight=\"bold\">{}</text>",
            y + 20.0,
            escape(&chart.title)
        );
        for (index, note) in notes.iter().enumerate() {
            let at = y + 37.0 + 15.0 * index as f64;
            put!(svg, "<text x=\"20\" y=\"{at:.0}\" font-size=\"12\">{}</text>", escape(note));
        }
        put!(
            svg,
            "<svg x=\"20\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\">{}</svg>\n",
            y + head(notes),
            chart.plot.width,
            chart.plot.height,
            chart.plot.svg
        );
        y += chart.plot.height + head(notes) + 30.0;
    }
    svg.push_str("</svg>\n");
    svg
}

/// A text in lines of at most so many characters.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > most {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
