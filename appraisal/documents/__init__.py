"""Papers and tables that go in and out: registers, official papers, QR codes."""
