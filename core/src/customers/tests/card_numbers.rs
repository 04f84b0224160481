//! Test numbers of the networks, what is not a card number, and random texts.

use proptest::prelude::*;

use crate::customers::card_numbers::mask_card_numbers;

fn masked(text: &str) -> String {
    mask_card_numbers(text).text.into_owned()
}

/// The check digit that makes these digits pass Luhn.
fn with_check_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[test]
fn test_numbers_of_the_networks_are_masked() {
    for (network, number) in [
        ("visa", "4111111111111111"),
        ("visa", "4242424242424242"),
        ("visa", "4012888888881881"),
        ("visa 13", "4222222222222"),
        ("mastercard", "5555555555554444"),
        ("mastercard", "5105105105105100"),
        ("mastercard 2", "2223003122003222"),
        ("american express", "378282246310005"),
        ("american express", "371449635398431"),
        ("american express", "340000000000009"),
        ("diners", "30569309025904"),
        ("diners", "38520000023237"),
        ("diners 16", "3056930009020004"),
        ("discover", "6011111111111117"),
        ("discover", "6011000990139424"),
        ("jcb", "3530111333300000"),
        ("jcb", "3566002020360505"),
        ("unionpay", "6200000000000005"),
        ("unionpay 19", "6205500000000000004"),
        ("maestro", "6759649826438453"),
        ("maestro uk", "6304000000000000"),
        ("mir", "2200000000000004"),
        ("dankort", "5019717010103742"),
        ("troy", "9792030394440796"),
        ("elo", "5066991111111118"),
        ("hipercard", "6062826786276634"),
    ] {
        let (hidden, shown) = number.split_at(number.len() - 4);
        assert_eq!(masked(number), format!("{}{shown}", "*".repeat(hidden.len())), "{network}");
        let sentence = format!("the card is {number}, exp 12/27, CVV 123");
        assert_eq!(mask_card_numbers(&sentence).found, 1, "{network}");
        assert!(!masked(&sentence).contains(hidden));
    }
}

#[test]
fn however_it_is_written() {
    for (text, expected) in [
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("4111-1111-1111-1111", "****-****-****-1111"),
        ("4111.1111.1111.1111", "****.****.****.1111"),
        ("4111 - 1111 - 1111 - 1111", "**** - **** - **** - 1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "* * * * * * * * * * * * 1 1 1 1"),
        ("3782 822463 10005", "**** ****** *0005"),
        ("４１１１　１１１１　１１１１　１１１１", "****　****　****　１１１１"),
        ("٤١١١١١١١١١١١١١١١", "************١١١١"),
        ("card:4111111111111111;cvv:123", "card:************1111;cvv:123"),
        ("卡号4111111111111111，谢谢", "卡号************1111，谢谢"),
        ("4111\u{200b}1111\u{200b}1111\u{200b}1111", "****\u{200b}****\u{200b}****\u{200b}1111"),
        ("4111\u{a0}1111–1111 1111", "****\u{a0}****–**** 1111"),
        ("x4111111111111111x", "x************1111x"),
        ("4111 1111 1111 1111 12 27 123", "**** **** **** 1111 12 27 123"),
        ("order 12 4111 1111 1111 1111", "order 12 **** **** **** 1111"),
        ("+4111111111111111", "+************1111"),
        ("4111111111111111 5555555555554444", "************1111 ************4444"),
        ("4111111111111111=27121011234", "************1111=27121011234"),
    ] {
        assert_eq!(masked(text), expected, "{text}");
    }
    assert_eq!(mask_card_numbers("4111111111111111 and 5555555555554444").found, 2);
}

#[test]
fn what_is_no_card_number_stays() {
    for text in [
        "",
        "hello",
        "4111111111111112",
        "1234567890123456",
        "0000000000000000",
        "9999999999999995",
        "call +49 151 1234 5678 or +4915112345671",
        "+33 1 23 45 67 89, 0033 1 23 45 67 89, 01 23 45 67 89",
        "order 2026-11-22 0004711",
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "GB82WEST12345698765432",
        "IMEI 490154203237518",
        "ICCID 8944500102198304826",
        "4111 1111 1111",
        "41111111111111111111111111",
        "4111111111111111225",
        "4111 1111\n1111 1111",
        "4111/1111/1111/1111",
        "3.14159265358979323846",
        "2026-11-22T10:00:00.000000 192.168.100.200",
    ] {
        assert_eq!(mask_card_numbers(text).found, 0, "{text}: {}", masked(text));
        assert_eq!(masked(text), text);
    }
}

#[test]
fn an_account_does_not_hide_the_card_behind_it() {
    assert_eq!(masked("DE89370400440532013000 4111111111111111"), "DE89370400440532013000 ************1111");
    assert_eq!(masked("DE88370400440532013000 4111111111111111"), "DE88370400440532013000 ************1111");
}

#[test]
fn few_order_numbers_look_like_cards() {
    let found = (0..10_000u64).filter(|n| {
        let number = 1_000_000_000_000_000 + n.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 9_000_000_000_000_000;
        mask_card_numbers(&number.to_string()).found > 0
    });
    let found = found.count();
    assert!((200..500).contains(&found), "{found} of 10,000");
}

#[test]
fn hostile_texts_end() {
    for piece in
        ["4", "4111 ", "4111111111111111 ", "4242 4242 4242 4242 ", "DE89", "AA11 ", "+", "\u{200b}1", " ", "+1 "]
    {
        let text = piece.repeat(65_536 / piece.len());
        let once = masked(&text);
        assert_eq!(masked(&once), once);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_number_of_an_issuer_is_masked(
        beginning in "4[0-9]{14}|5[1-5][0-9]{13}|222[1-9][0-9]{11}|3[47][0-9]{12}|36[0-9]{11}|6011[0-9]{11}|35[3-8][0-9]{12}|62[0-9]{13,16}",
        before in "[a-zäöü李:]{0,4}", after in "[a-zäöü李;]{0,4}", separator in "| |-|\\.", group in 1usize..7,
    ) {
        let number = with_check_digit(&beginning);
        let written = number.as_bytes().chunks(group).map(|part| std::str::from_utf8(part).unwrap()).collect::<Vec<_>>().join(&separator);
        let text = masked(&format!("{before} {written} {after}"));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        prop_assert_eq!(&digits, &number[number.len() - 4..], "{}", text);
    }

    #[test]
    fn masked_again_it_stays(text in "[0-9 .+-]{0,80}|[45][0-9 -]{0,60}|\\PC{0,60}|([45][0-9]{3} ?){3,12}|[1-5 ]{13,60}") {
        let once = mask_card_numbers(&text);
        let again = mask_card_numbers(&once.text);
        prop_assert_eq!(again.found, 0);
        prop_assert_eq!(&again.text, &once.text);
    }

    #[test]
    fn only_digits_change(text in "\\PC{0,60}|[0-9 a-z]{0,80}") {
        let after = masked(&text);
        prop_assert_eq!(after.chars().count(), text.chars().count());
        for (was, is) in text.chars().zip(after.chars()) {
            prop_assert!(was == is || is == '*' && was.is_numeric());
        }
    }
}
