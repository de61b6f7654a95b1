// The names of common emoji and their characters.

const LINES = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 clap 👏 wave 👋 raised_hands 🙌 pray 🙏 muscle 💪
point_up ☝️ point_right 👉 point_left 👈 point_down 👇 raised_hand ✋ fist ✊ v ✌️ crossed_fingers 🤞
handshake 🤝 writing_hand ✍️ eyes 👀 brain 🧠 bust_in_silhouette 👤 busts_in_silhouette 👥
smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 rofl 🤣 laughing 😆 wink 😉 blush 😊 innocent 😇
slightly_smiling_face 🙂 upside_down_face 🙃 heart_eyes 😍 kissing_heart 😘 yum 😋 sunglasses 😎
nerd_face 🤓 thinking_face 🤔 neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒
face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷
exploding_head 🤯 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 astonished 😲 flushed 😳
fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱 confounded 😖 tired_face 😫 triumph 😤 rage 😡
angry 😠 skull 💀 hankey 💩 ghost 👻 alien 👽 robot_face 🤖 shrug 🤷 facepalm 🤦 hugging_face 🤗
saluting_face 🫡 melting_face 🫠 partying_face 🥳 cowboy 🤠 see_no_evil 🙈
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜
black_heart 🖤 broken_heart 💔 sparkling_heart 💖 100 💯 fire 🔥 boom 💥 sparkles ✨ star ⭐ star2 🌟
dizzy 💫 zap ⚡ snowflake ❄️ sunny ☀️ cloud ☁️ rain_cloud 🌧️ rainbow 🌈 ocean 🌊 earth_americas 🌎
earth_africa 🌍 crescent_moon 🌙 new_moon 🌑 full_moon 🌕
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎
heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ exclamation ❗ bangbang ‼️ warning ⚠️
no_entry ⛔ no_entry_sign 🚫 stop_sign 🛑 sos 🆘 new 🆕 ok 🆗 up 🆙 free 🆓 construction 🚧
rotating_light 🚨 red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢
large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_red_square 🟥
large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 small_red_triangle 🔺
arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️ arrow_lower_right ↘️
arrows_counterclockwise 🔄 repeat 🔁 leftwards_arrow_with_hook ↩️ fast_forward ⏩ rewind ⏪
arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ information_source ℹ️
bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 loud_sound 🔊 mute 🔇 phone ☎️ telephone_receiver 📞
iphone 📱 pager 📟 email 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤
speech_balloon 💬 thought_balloon 💭 zzz 💤 computer 💻 desktop_computer 🖥️ keyboard ⌨️ floppy_disk 💾
electric_plug 🔌 battery 🔋 satellite_antenna 📡 globe_with_meridians 🌐 link 🔗 lock 🔒 unlock 🔓
key 🔑 shield 🛡️ gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ toolbox 🧰 bug 🐛 mag 🔍 bulb 💡
fire_engine 🚒 ambulance 🚑 fire_extinguisher 🧯 adhesive_bandage 🩹 pill 💊 test_tube 🧪
package 📦 rocket 🚀 airplane ✈️ car 🚗 truck 🚚 ship 🚢 anchor ⚓ checkered_flag 🏁
triangular_flag_on_post 🚩 house 🏠 office 🏢 hospital 🏥
calendar 📅 date 📅 spiral_calendar_pad 🗓️ clock1 🕐 alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️
hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚
memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 bookmark 🔖
books 📚 book 📖 page_facing_up 📄 file_folder 📁 open_file_folder 📂 card_index 📇 wastebasket 🗑️
bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 moneybag 💰 credit_card 💳
tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 dart 🎯 birthday 🎂 beers 🍻 beer 🍺
coffee ☕ tea 🍵 pizza 🍕 popcorn 🍿 apple 🍎 cat 🐱 dog 🐶 unicorn_face 🦄 turtle 🐢 snail 🐌
penguin 🐧 whale 🐳 bee 🐝 seedling 🌱 evergreen_tree 🌲 four_leaf_clover 🍀 rose 🌹
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 zero 0️⃣
`;

const words = LINES.trim().split(/\s+/);
const CHARACTERS = new Map();
for (let at = 0; at < words.length; at += 2) CHARACTERS.set(words[at], words[at + 1]);

/** The character for a name such as "fire", or null where we know none. */
export function emojiOf(name) {
  return CHARACTERS.get(String(name).replace(/::skin-tone-\d$/, "")) ?? null;
}
