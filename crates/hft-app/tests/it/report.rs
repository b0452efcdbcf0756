//! The run folder and the page, from a made-up run.

use crate::sample::Sample;
use hft_app::output::{ContractSeries, Report, Summary};

#[test]
fn a_run_folder_is_complete_and_its_page_needs_nothing_else() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let sample = Sample::new(300);
    let folder = sample.write(out.path()).expect("writable");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect(name);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("exists")
        .map(|entry| entry.expect("listed").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let expected = ["config.resolved.toml", "equity.csv", "fills.csv", "manifest.json", "report.html", "summary.json"];
    assert_eq!(names, expected);

    let page = read("report.html");
    for outside in ["src=\"http", "href=\"http", "url(", "@import", "fetch("] {
        assert!(!page.contains(outside), "the page reaches outside: {outside}");
    }
    assert!(page.contains("default-src 'none'"), "and a browser would not let it");

    let summary = Summary::of_folder(&folder).expect("what was written is read");
    assert_eq!(summary, sample.summary);
    assert!(summary.attribution.sums_to_net());
    let text = summary.render(hft_app::output::Style::Plain);
    for told in ["Races: who came first", "<others>", "Two came at once."] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(page.contains("who came first: races won") && page.contains("&lt;others&gt;"), "drawn, and escaped");

    let fills = read("fills.csv");
    let mut lines = fills.lines();
    let header = lines.next().expect("a header");
    assert!(
        header.starts_with(
            "fill,time_ns,symbol,venue,trader,order,trade,side,qty,price,liquidity,cash,fee,inventory,pnl"
        )
    );
    assert!(header.ends_with("markout_10ms,markout_100ms,markout_1s,markout_10s,markout_60s"));
    let columns = header.split(',').count();
    assert!(lines.all(|line| line.split(',').count() == columns), "every line has every column");
}

#[test]
fn equal_data_give_equal_pages_and_nothing_in_them_can_break_out() {
    let mut sample = Sample::new(300);
    let evil = "</script><script>alert(1)</script>";
    sample.series.contracts[0].fills[0].line = evil.to_owned();
    sample.summary.run.symbols = vec![evil.to_owned()];
    let page = || Report { summary: &sample.summary, config: evil, command: evil, series: &sample.series }.html();
    assert_eq!(page(), page());
    assert!(!page().contains("<script>alert"));
    let empty = Report { summary: &sample.summary, config: "", command: "", series: &Default::default() }.html();
    assert!(empty.contains("Nothing was recorded."));
}

#[test]
fn several_contracts_are_chosen_from_and_named() {
    let mut sample = Sample::new(300);
    let page =
        |sample: &Sample| Report { summary: &sample.summary, config: "", command: "", series: &sample.series }.html();
    assert!(!page(&sample).contains("<select"), "one needs no choice");
    let contracts = &mut sample.series.contracts;
    contracts.push(ContractSeries { name: "TWO@XSIM".to_owned(), ..contracts[0].clone() });
    let both = page(&sample);
    for told in
        ["<option value=\"1\">TWO@XSIM</option>", "Inventory of <span class=\"contract\">SIM</span>", "2 contracts;"]
    {
        assert!(both.contains(told), "{told}");
    }
    sample.series.left_out = 3;
    assert!(page(&sample).contains("The first 2 of 5 contracts;"));
}

#[test]
fn a_fill_reads_as_the_readme_shows_it() {
    let sample = Sample::new(300);
    assert_eq!(
        sample.fills[0].line(),
        "FILL Sell qty=1 px=99.97  inv=-1  cash=99.97  pnl=+0.01  maker  fee=-0.01  ahead=1  vs informed  1s=+0.0050"
    );
}
