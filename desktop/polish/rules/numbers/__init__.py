"""Write numbers, dates, times, amounts and addresses as they are typed."""
