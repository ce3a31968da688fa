"""Parties: organisations, bodies, memberships, offices held, instruments and places."""
