"""Programs as typed expression trees: what operators of several kinds vary."""
