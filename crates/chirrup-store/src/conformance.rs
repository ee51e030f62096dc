//! The contract of [`Store`], which the tests of every store check.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use crate::lock::lock_blocking;
use crate::store::Store;

/// Checks an empty store against the contract. `open` opens the same store again.
pub(crate) fn assert_conforms<S: Store>(open: impl Fn() -> S + Sync) {
    let store = open();
    let name = store.name();
    assert_eq!(store.read().expect("readable"), None, "{name} is empty at first");
    let mut locked = store.try_lock().expect("lockable").expect("not locked");
    assert_eq!((locked.size().expect("readable"), locked.read_range(0, 9).expect("readable")), (0, Vec::new()));
    assert!(open().try_lock().expect("lockable").is_none(), "{name} has one lock");
    locked.replace(b"one\x00two\xff").expect("writable");
    assert_eq!(open().read().expect("readable").as_deref(), Some(&b"one\x00two\xff"[..]), "readers do not wait");
    locked.append(b"three").expect("writable");
    assert_eq!(locked.read_from(8).expect("readable"), b"three");
    assert_eq!(locked.read_from(99).expect("readable"), b"");
    for (offset, max, part) in [(0, 3, &b"one"[..]), (3, 1, b"\x00"), (8, 99, b"three"), (99, 1, b""), (0, 0, b"")] {
        assert_eq!(locked.read_range(offset, max).expect("readable"), part, "{name}: {max} bytes from {offset}");
    }
    assert_eq!(locked.size().expect("readable"), 13);
    drop(locked);
    assert_eq!(store.read().expect("readable").as_deref(), Some(&b"one\x00two\xffthree"[..]));

    store.try_lock().expect("lockable").expect("unlocked").replace(b"0").expect("writable");
    let holders = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let mut locked = lock_blocking(&open()).expect("a lock");
                    assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0, "{name} has one holder");
                    let value = locked.read().expect("readable").expect("a value");
                    let count: u32 = std::str::from_utf8(&value).expect("digits").parse().expect("a number");
                    thread::sleep(Duration::from_micros(50));
                    locked.replace((count + 1).to_string().as_bytes()).expect("writable");
                    holders.fetch_sub(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(store.read().expect("readable").as_deref(), Some(&b"100"[..]), "{name} loses no change");
}
