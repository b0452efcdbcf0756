//! Why something was traded, and what would have come of reading otherwise.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::testing::temporary;

#[test]
fn a_fill_is_explained_with_what_was_read() {
    let out = temporary();
    let (folder, _) = CLI.done_in(out.path(), "run --fast --duration 20s --seed 11 --quiet");
    let (exit, stdout, stderr) = CLI.run(&format!("explain 1 --run {}", folder.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    for said in ["the headline should move the price by", "sure of the direction", "news_algo.model = lexicon"] {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
}
