//! What virtual customers and agents write to each other: made up, by language and subject. It knows no contact and decides
//! nothing.

/// What one customer has to say, the first first.
type Subject = &'static [&'static str];

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    English,
    #[default]
    French,
    Chinese,
}

impl Language {
    /// As a page that a chat comes from names it.
    #[must_use]
    pub fn named(name: Option<&str>) -> Language {
        match name {
            Some("en") => Language::English,
            Some("zh") => Language::Chinese,
            Some(_) | None => Language::French,
        }
    }
}

const ENGLISH: &[Subject] = &[
    &[
        "Hello, my card was declined at the bakery this morning, though there is money on the account.",
        "It ends in nothing special, I got it in spring. The bakery tried twice.",
        "Ah, the limit for the week! I had not thought of that. Can you raise it for a while?",
        "Two weeks would do, I am moving house.",
    ],
    &[
        "Hi! I moved last week. How do I change my address without coming by?",
        "Yes, I still have the old telephone number.",
        "The form asks for a document. Would the rental contract do?",
        "Then I upload it tonight.",
    ],
    &[
        "Good morning. A payment of 48.90 to a bookshop is on my statement twice.",
        "Both on the same day, one after the other.",
        "I only bought one atlas, so one of them is wrong.",
        "How long does it take until it is back?",
    ],
    &[
        "Is the branch by the station open on Saturday?",
        "I need to open my safe deposit box, do I have to book that?",
        "Half past ten would be lovely.",
    ],
];
const FRENCH: &[Subject] = &[
    &[
        "Bonjour, je n'arrive plus à ouvrir l'application depuis la mise à jour d'hier.",
        "Un téléphone de trois ans, je crois que la version est la 14.",
        "J'ai redémarré, elle se ferme encore juste après le mot de passe.",
        "Ah, en la réinstallant elle s'ouvre. Et mes bénéficiaires sont toujours là.",
    ],
    &[
        "Bonjour ! Je pars trois mois à l'étranger, faut-il que je prévienne pour ma carte ?",
        "Au Portugal d'abord, puis au Maroc.",
        "Y a-t-il des frais pour les retraits ?",
        "Parfait, je préfère payer par carte alors.",
    ],
    &[
        "Bonjour, mon virement de lundi n'est toujours pas arrivé chez mon propriétaire.",
        "Oui, 640 euros, avec la référence du loyer.",
        "Il me dit que l'IBAN a changé en septembre. C'est peut-être cela ?",
        "Je refais donc le virement avec le nouveau. L'ancien va revenir ?",
    ],
    &[
        "Bonsoir, je voudrais un relevé de toute l'année pour mes impôts.",
        "Un seul document me suffirait.",
        "En anglais aussi, si c'est possible : c'est pour ma comptable.",
    ],
];
const CHINESE: &[Subject] = &[
    &[
        "你好，我想给父母开一个联名账户，需要准备什么材料？",
        "他们都住在里昂，周末才有空。",
        "护照复印件可以吗？还是一定要原件？",
        "好的，那我先在网上填表。",
    ],
    &[
        "您好，昨天从上海汇来的钱还没有到账。",
        "金额是三千欧元，汇款单上写的是我的拼音名字。",
        "原来还要等中转银行，大概几天？",
    ],
    &["请问信用卡的账单日可以改吗？", "我每月十号发工资，想改到十五号。", "下个月开始就可以，谢谢。"],
];
/// When all is said.
const ENGLISH_THANKS: &[&str] = &["That helps, thank you!", "Great, thanks a lot.", "Perfect. Have a nice day!"];
const FRENCH_THANKS: &[&str] = &["Merci beaucoup !", "C'est noté, merci pour votre aide.", "Parfait, bonne journée !"];
const CHINESE_THANKS: &[&str] = &["明白了，非常感谢！", "好的，谢谢您的帮助。", "太好了，祝您愉快！"];
const ENGLISH_ANSWERS: &[&[&str]] = &[
    &["Hello, thank you for writing to us. I am looking at it now.", "Good day! Let me open your file for a moment."],
    &["I see it here. May I ask you one more thing to be sure?", "Thank you, that is what I needed to know."],
    &["I have changed that for you. You will see it within the hour.", "Yes, that is possible. I have noted it."],
    &["You will also get a short confirmation by email.", "It is done on our side."],
    &["Is there anything else that I can do for you?", "I am glad to help. Anything else?"],
];
const FRENCH_ANSWERS: &[&[&str]] = &[
    &["Bonjour et merci de nous écrire. Je regarde tout de suite.", "Bonjour ! J'ouvre votre dossier, un instant."],
    &["Je le vois. Puis-je vous demander une précision ?", "Merci, c'est ce qu'il me fallait."],
    &["C'est modifié, vous le verrez d'ici une heure.", "Oui, c'est possible. Je l'ai noté."],
    &["Vous recevrez aussi une confirmation par courriel.", "C'est fait de notre côté."],
    &["Puis-je faire autre chose pour vous ?", "Avec plaisir. Autre chose ?"],
];
const CHINESE_ANSWERS: &[&[&str]] = &[
    &["您好，感谢您的来信，我马上为您查看。", "您好！请稍等，我打开您的资料。"],
    &["我看到了，再跟您确认一个细节好吗？", "谢谢，这正是我需要的信息。"],
    &["已经为您修改，一小时内生效。", "可以的，我已经记录下来。"],
    &["您还会收到一封确认邮件。", "我们这边已经处理完毕。"],
    &["请问还有什么可以帮您？", "很高兴为您服务，还有别的问题吗？"],
];
/// Mails that open a contact.
const MAILS: &[&str] = &[
    "Dear Sir or Madam,\n\nplease send me the conditions of the savings account that you advertise at the tram stop.\n\nKind regards",
    "Bonjour,\n\nje vous ai écrit il y a dix jours au sujet de mon prêt et n'ai pas encore de réponse. Pouvez-vous me dire où en est mon dossier ?\n\nCordialement",
    "您好：\n\n我想取消每月的定期转账，请告诉我需要填写哪份表格。\n\n此致敬礼",
    "Hello,\n\nthe statement of October is missing in my mailbox; September and November are there.\n\nBest wishes",
];

/// What the customer of this contact writes as his line `turn`, from 0. It is the same each time.
#[must_use]
pub fn of_customer(language: Language, contact: &str, turn: usize) -> &'static str {
    let (subjects, thanks) = match language {
        Language::English => (ENGLISH, ENGLISH_THANKS),
        Language::French => (FRENCH, FRENCH_THANKS),
        Language::Chinese => (CHINESE, CHINESE_THANKS),
    };
    let lot = lot_of(contact);
    let subject = subjects[lot % subjects.len()];
    subject.get(turn).unwrap_or(&thanks[(lot + turn) % thanks.len()])
}

/// What an agent writes as his line `turn`, from 0; after the last he begins to repeat himself.
#[must_use]
pub fn of_agent(language: Language, contact: &str, turn: usize) -> &'static str {
    let answers = match language {
        Language::English => ENGLISH_ANSWERS,
        Language::French => FRENCH_ANSWERS,
        Language::Chinese => CHINESE_ANSWERS,
    };
    let said = answers[turn.min(answers.len() - 1)];
    said[(lot_of(contact) + turn) % said.len()]
}

#[must_use]
pub fn of_mail(contact: &str) -> &'static str {
    MAILS[lot_of(contact) % MAILS.len()]
}

fn lot_of(contact: &str) -> usize {
    contact.bytes().fold(7_usize, |lot, byte| lot.wrapping_mul(31).wrapping_add(usize::from(byte))) / 8
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::protocol::MessageText;

    const LANGUAGES: [Language; 3] = [Language::English, Language::French, Language::Chinese];

    #[test]
    fn customers_have_different_things_to_say_and_end_with_thanks() {
        for language in LANGUAGES {
            let openings: BTreeSet<&str> =
                (0..100).map(|contact| of_customer(language, &contact.to_string(), 0)).collect();
            assert!(openings.len() >= 3, "{openings:?}");
            assert_ne!(of_customer(language, "a", 0), of_customer(language, "a", 1));
            let thanks = of_customer(language, "a", 9);
            let all = [ENGLISH_THANKS, FRENCH_THANKS, CHINESE_THANKS].concat();
            assert!(all.contains(&thanks), "{thanks}");
            assert_ne!(of_agent(language, "a", 0), of_agent(language, "a", 1));
        }
    }

    #[test]
    fn every_line_is_one_that_the_wire_takes() {
        let subjects = [ENGLISH, FRENCH, CHINESE].concat().concat();
        let answers = [ENGLISH_ANSWERS, FRENCH_ANSWERS, CHINESE_ANSWERS].concat().concat();
        for line in subjects.into_iter().chain(answers).chain(MAILS.iter().copied()) {
            assert!(MessageText::new(line).is_ok(), "{line}");
        }
    }
}
