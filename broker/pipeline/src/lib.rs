//! Accept, decide, deliver: the hub's application, without HTTP.
