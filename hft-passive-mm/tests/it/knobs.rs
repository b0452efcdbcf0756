//! Every knob moves what its documentation says it moves: means over the same eight seeds, with the knob and without.

use crate::CLI;

#[test]
fn every_knob_moves_what_its_documentation_says() {
    let rows = [
        ("passive_mm.half_spread=0.1", "fills", 1.5),
        ("passive_mm.half_spread=0.1", "spread/fills", 0.6),
        ("passive_mm.half_spread=0.1", "adverse/fills", 1.5),
        ("passive_mm.size=2.0", "inventory_max", 1.2),
        ("passive_mm.inv_limit=2.0", "inventory_max", 0.7),
        ("passive_mm.inv_spread_mult=0.0", "inventory_max", 1.2),
        ("passive_mm.tick_ms=1000", "net/fills", 0.5),
        ("passive_mm.tick_ms=1000", "inventory/fills", 3.0),
        ("passive_mm.latency_us=100000", "net/fills", 0.6),
        ("passive_mm.toxicity.fade_ms=2000", "fills", 0.9),
        ("passive_mm.toxicity.fade_ms=2000", "quote_uptime", 0.9),
        ("market.takers_per_s=24.0", "fills", 1.3),
        ("market.informed_fraction=0.95", "adverse/fills", 1.3),
        ("market.informed_fraction=0.0", "adverse/fills", 0.9),
        ("market.fundamental.jumps_per_s=2.0", "adverse/fills", 1.2),
        ("market.maker.half_spread=20", "fills", 0.7),
    ];
    CLI.check_movements(40, &rows);
}
