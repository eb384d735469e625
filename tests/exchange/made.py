"""Price files as tests make them: a hospital's CSV row by row, a payer's JSON rate by rate."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from calc.exchange.price import Price, PriceFile

FILES = Path(__file__).parent / "files"
PARAMS = Path(__file__).resolve().parents[2] / "params"
STUDY = "chronic_low_back_pain"

HEAD = {"hospital_name": "Lone Star Hospital", "last_updated_on": "2026-04-01", "version": "3.0.0"}
COLUMNS = (
    "description",
    "code|1",
    "code|1|type",
    "modifiers",
    "setting",
    "billing_class",
    "standard_charge|gross",
    "standard_charge|discounted_cash",
    "payer_name",
    "plan_name",
    "standard_charge|negotiated_dollar",
    "standard_charge|negotiated_percentage",
    "standard_charge|negotiated_algorithm",
    "median_amount",
    "10th_percentile",
    "90th_percentile",
    "count",
    "standard_charge|methodology",
)
#: an epidural, as a hospital lists it for one payer
EPIDURAL = {
    "description": "Epidural",
    "code|1": "62323",
    "code|1|type": "CPT",
    "setting": "outpatient",
    "standard_charge|discounted_cash": "1600",
    "payer_name": "Blue Plan",
    "plan_name": "PPO",
    "standard_charge|negotiated_algorithm": "lesser of charges and 2,000",
    "median_amount": "1339",
    "10th_percentile": "437",
    "90th_percentile": "3147",
    "count": "2489",
}


def hospital(folder: Path, *rows: Mapping[str, str], head: Mapping[str, str] = HEAD, name: str = "h.csv") -> Path:
    """Write a tall file of version 3 and return it; its first row of prices is line 4."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([list(head), list(head.values()), COLUMNS])
    writer.writerows([[row.get(column, "") for column in COLUMNS] for row in rows])
    file = folder / name
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


def rate(amount: float, **said: Any) -> dict[str, Any]:
    """Return one agreed price of a payer's file."""
    usual = {"negotiated_type": "negotiated", "billing_class": "professional", "service_code": ["11"]}
    return {"negotiated_rate": amount, "expiration_date": "9999-12-31", **usual, **said}


def payer(folder: Path, services: Mapping[str, Sequence[Mapping[str, Any]]], name: str = "p.json", **top: Any) -> Path:
    """Write a payer's file of rates by CPT code."""
    listed = [
        {
            "negotiation_arrangement": "ffs",
            "billing_code_type": "CPT",
            "billing_code": code,
            "negotiated_rates": [{"provider_references": [1], "negotiated_prices": [each]} for each in rates],
        }
        for code, rates in services.items()
    ]
    whole = {"reporting_entity_name": "Blue", "plan_name": "PPO", "last_updated_on": "2026-04-01", "version": "2.0.0"}
    file = folder / name
    file.write_text(json.dumps({**whole, **top, "in_network": listed}), encoding="utf-8")
    return file


def said(read: PriceFile) -> set[Price]:
    """Return what a file says, wherever it stands there."""
    return {replace(price, where="") for price in read.prices}
