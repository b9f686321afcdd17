//! The published vectors of RFC 8785: input to output, byte for byte.

use inbreng_proof::canonical;

macro_rules! vector {
    ($name:ident) => {
        #[test]
        fn $name() {
            const INPUT: &str = include_str!(concat!("conformance/jcs/input/", stringify!($name), ".json"));
            const OUTPUT: &str = include_str!(concat!("conformance/jcs/output/", stringify!($name), ".json"));
            const OUTHEX: &str = include_str!(concat!("conformance/jcs/outhex/", stringify!($name), ".txt"));
            let made = canonical(&serde_json::from_str::<serde_json::Value>(INPUT).unwrap()).unwrap();
            assert_eq!(String::from_utf8_lossy(&made), OUTPUT.trim_end_matches('\n'));
            let bytes: Vec<u8> = OUTHEX.split_whitespace().map(|b| u8::from_str_radix(b, 16).unwrap()).collect();
            assert_eq!(made, bytes);
        }
    };
}

vector!(arrays);
vector!(french);
vector!(structures);
vector!(unicode);
vector!(values);
vector!(weird);
