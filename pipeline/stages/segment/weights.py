"""The model's weights (to be moved to data): log-odds unless said otherwise."""

WEIGHTS = {
    "aligned_share": 0.15,  # share of labels at one x that makes it an edge
    "without_rules": -4.0,
    "crosses": -8.0,
    "crosses_short": -1.0,
    "wide_label": 1.6,  # ratio
    "narrow_gap": -3.0,
    "columns_meet": -1.5,
    "label_aligned": 0.8,
    "label_off": -1.5,
    "label_type": -1.0,
    "value_aligned": 1.2,
    "value_indented": 0.7,
    "value_off": -2.5,
    "more_columns": -1.0,
    "both": 1.0,
    "label_only": -0.7,
    "begins_text": -2.0,
    "ends_text": -2.0,
    "far_label": -2.0,
    "far_label_gap": 1.25,  # ratio
    "value_only": -0.6,
    "colon": 2.0,
    "larger": -4.0,
    "larger_type": 1.15,  # ratio
    "smaller": -2.5,
    "smaller_type": 0.9,  # ratio
    "long_edge": 0.3,  # share of the page's width
    "widest_label": 0.52,  # share
    "widest_label_drawn": 0.45,  # share
    "wide_labels": -4.5,
    "same_start": 6.0,  # points
    "same_share": 0.2,  # share of lines
    "enter": 4.0,
    "enter_known": 2.0,
    "enter_support": 0.25,
    "leave": 0.5,
    "far": 2.5,
    "far_gap": 2.6,  # leadings
    "frame": 1.0,
    "left_share": 0.08,  # share of labels
    "outdented": -3.0,
    "near": 0.5,
    "near_gap": 1.3,  # leadings
}
