//! Every knob moves what its documentation says it moves: means over the same eight seeds, with the knob and without.

use crate::CLI;

#[test]
fn every_knob_moves_what_its_documentation_says() {
    let rows = [
        ("statarb.symbols=4", "fills", 0.6),
        ("statarb.entry=2.0", "fills", 0.7),
        ("statarb.exit_long=0.5 statarb.exit_short=0.5", "fills", 1.15),
        ("statarb.sizing.unit_risk=0.4", "inventory_max", 0.7),
        ("statarb.sizing.position_limit=2", "inventory_max", 0.9),
        ("statarb.sizing.gross_limit=1000.0", "fills", 0.8),
        ("statarb.execution.patience_ms=0", "spread/fills", 1.5),
        ("statarb.execution.patience_ms=0", "adverse/fills", 0.7),
        ("statarb.execution.patience_ms=2000", "spread/fills", 0.7),
        ("statarb.estimator.warm_up=100", "fills", 0.7),
        ("statarb.estimator.slowest=0.01", "fills", 0.5),
        ("statarb.universe.residual_sd=60.0", "spread/fills", 0.8),
        ("statarb.breaks.threshold=1.0", "fills", 0.9),
        ("statarb.universe.placebo=true", "inventory", 0.4),
    ];
    CLI.check_movements(30, &rows);
}
