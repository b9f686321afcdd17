//! The contract suite: what every store must do, whatever it is made of.
